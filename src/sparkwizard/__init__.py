"""SparkWizard: bring the people of Microsoft Entra ID into Cisco Webex, preview first."""

__version__ = "0.1.0"
