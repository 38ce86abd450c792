"""Name the keys that secrets may have (GD/resources/synchronization-synchronizationsecret)."""

SECRET_KEYS = frozenset(
    {
        *("None", "UserName", "Password", "SecretToken", "AppKey", "BaseAddress"),
        *("ClientIdentifier", "ClientSecret", "SingleSignOnType", "Sandbox", "Url", "Domain"),
        *("ConsumerKey", "ConsumerSecret", "TokenKey", "TokenExpiration", "Oauth2AccessToken"),
        *("Oauth2AccessTokenCreationTime", "Oauth2RefreshToken", "SyncAll", "InstanceName"),
        *("Oauth2ClientId", "Oauth2ClientSecret", "CompanyId", "UpdateKeyOnSoftDelete"),
        *("SynchronizationSchedule", "SystemOfRecord", "SandboxName", "EnforceDomain"),
        *("SyncNotificationSettings", "SkipOutOfScopeDeletions", "Oauth2AuthorizationCode"),
        *("Oauth2RedirectUri", "ApplicationTemplateIdentifier", "Oauth2TokenExchangeUri"),
        *("Oauth2AuthorizationUri", "AuthenticationType", "Server", "HardDeletesEnabled"),
        *("PerformInboundEntitlementGrants", "SyncAgentCompatibilityKey"),
        *("SyncAgentADContainer", "ValidateDomain", "TestReferences", "ConnectionString"),
    }
)
