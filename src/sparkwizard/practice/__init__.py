"""The practice tenant: a simulated Webex over real HTTP on loopback."""
