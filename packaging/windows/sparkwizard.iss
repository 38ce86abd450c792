; Inno Setup 6.3: one setup for one user (no administrator needed) and for everybody.
;   SparkWizard-…-setup.exe /CURRENTUSER or /ALLUSERS      whom it is for; else it asks
;   … /VERYSILENT /SUPPRESSMSGBOXES /NORESTART             deploys without a question
;   … /LOG=file                                            writes what it did
;   unins000.exe /VERYSILENT [/FORGET=secrets|everything]  removes; without /FORGET all data stays
; build.py --installers passes Version, Numbers, Bundle and Icons.

#ifndef Version
  #error Run this by "uv run packaging/build.py --installers"
#endif

[Setup]
AppId={{7A1C5B0E-4C5D-4E36-9B1B-2F0C4D8E6A31}
AppName=SparkWizard
AppVersion={#Version}
AppVerName=SparkWizard {#Version}
AppPublisher=The SparkWizard authors
VersionInfoVersion={#Numbers}
DefaultDirName={autopf}\SparkWizard
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
; the same AppId finds the earlier version and goes in its place; what runs is closed first
UsePreviousAppDir=yes
CloseApplications=yes
RestartApplications=no
ChangesEnvironment=yes
OutputBaseFilename=SparkWizard-{#Version}-setup
SetupIconFile={#Icons}\sparkwizard.ico
UninstallDisplayIcon={app}\sparkwizardw.exe
UninstallDisplayName=SparkWizard
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
#if GetEnv("SPARKWIZARD_WINDOWS_THUMBPRINT") != ""
SignTool=sign
SignedUninstaller=yes
#else
  #pragma warning "NOT SIGNED: SPARKWIZARD_WINDOWS_THUMBPRINT is empty"
#endif

[Tasks]
Name: path; Description: "Make the command &sparkwizard known to terminals and scripts (PATH)"
Name: desktop; Description: "Put an icon on the &desktop"; Flags: unchecked

[InstallDelete]
; libraries of an earlier version would be loaded beside the new ones
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\SparkWizard"; Filename: "{app}\sparkwizardw.exe"; AppUserModelID: "SparkWizard"
Name: "{autoprograms}\SparkWizard, practise first"; Filename: "{app}\sparkwizardw.exe"; Parameters: "--practice"
Name: "{autodesktop}\SparkWizard"; Filename: "{app}\sparkwizardw.exe"; Tasks: desktop

[Run]
Filename: "{app}\sparkwizardw.exe"; Description: "Open SparkWizard"; Flags: nowait postinstall skipifsilent

[Code]
const
  MachineKey = 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment';
  UserKey = 'Environment';

function PathRoot: Integer;
begin
  if IsAdminInstallMode then Result := HKEY_LOCAL_MACHINE else Result := HKEY_CURRENT_USER;
end;

function PathKey: String;
begin
  if IsAdminInstallMode then Result := MachineKey else Result := UserKey;
end;

{ Return PATH without our folder; the other folders keep their order and their spelling. }
function PathWithout(const Path, Folder: String): String;
var
  Rest, Part: String;
  At: Integer;
begin
  Result := '';
  Rest := Path + ';';
  while Rest <> '' do
  begin
    At := Pos(';', Rest);
    Part := Copy(Rest, 1, At - 1);
    Delete(Rest, 1, At);
    if (Part <> '') and (CompareText(RemoveBackslashUnlessRoot(Part), Folder) <> 0) then
    begin
      if Result <> '' then Result := Result + ';';
      Result := Result + Part;
    end;
  end;
end;

procedure ChangePath(Add: Boolean);
var
  Path, Wanted: String;
begin
  if not RegQueryStringValue(PathRoot, PathKey, 'Path', Path) then Path := '';
  Wanted := PathWithout(Path, ExpandConstant('{app}'));
  if Add then
  begin
    if Wanted <> '' then Wanted := Wanted + ';';
    Wanted := Wanted + ExpandConstant('{app}');
  end;
  if Wanted <> Path then RegWriteExpandStringValue(PathRoot, PathKey, 'Path', Wanted);
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if CurStep = ssPostInstall then ChangePath(WizardIsTaskSelected('path'));
end;

{ "", "secrets" or "everything": from /FORGET=, else asked; silent without /FORGET forgets nothing. }
function WhatToForget: String;
begin
  Result := Lowercase(ExpandConstant('{param:FORGET|}'));
  if (Result <> '') or UninstallSilent then exit;
  if SuppressibleMsgBox('Also remove your tokens and passwords from the Windows Credential Manager?',
      mbConfirmation, MB_YESNO or MB_DEFBUTTON2, IDNO) = IDNO then exit;
  Result := 'secrets';
  if SuppressibleMsgBox('Remove your setups, the journal of what was done, and the logs as well?'
      + #13#10#13#10 + 'This can''t be undone. Without the journal nobody can be removed or'
      + ' restored by SparkWizard any more.',
      mbConfirmation, MB_YESNO or MB_DEFBUTTON2, IDNO) = IDYES then Result := 'everything';
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Code: Integer;
  What: String;
begin
  if CurUninstallStep <> usUninstall then exit;
  What := WhatToForget;
  { before the files go: only the program knows where its secrets and schedules are }
  if (What = 'secrets') or (What = 'everything') then
    if not Exec(ExpandConstant('{app}\sparkwizard.exe'), 'forget --' + What + ' --yes', '', SW_HIDE,
        ewWaitUntilTerminated, Code) or (Code <> 0) then
      SuppressibleMsgBox('Not everything could be removed. "sparkwizard forget" would have said why;'
        + ' the entries are named "SparkWizard …" in the Credential Manager.', mbError, MB_OK, IDOK);
  ChangePath(False);
end;
