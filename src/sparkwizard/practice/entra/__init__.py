"""Keep what the practice tenant of Microsoft Entra ID knows: people, groups, applications."""
