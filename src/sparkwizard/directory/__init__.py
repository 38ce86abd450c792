"""Where people come from: files and directories behind one protocol."""
