"""Carrying out changes to Entra's provisioning service, and telling how it stands.

``carrying_out`` writes exactly a plan, each step journalled first; ``watching`` reads status, logs
and the hand-off; ``engines`` keeps this computer and the service from running the same setup.
``runs.services`` binds them to a setup.
"""
