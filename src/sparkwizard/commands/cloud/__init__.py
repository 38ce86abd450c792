"""``sparkwizard cloud``: Microsoft Entra's own provisioning service, set up and watched.

``arguments`` what they understand, ``set_up`` what writes, ``looking`` what only reads,
``documents`` what they print.
"""
