"""Provision people into the practice Webex as Microsoft Entra's provisioning service would.

It speaks SCIM over HTTP with the Tenant URL and the Secret Token that were saved for a job, and
reaches nothing but the practice Webex. Cycles come every few seconds instead of every 40 minutes,
or when they are asked for. It evaluates attributes, constants, ``Switch``, ``Not`` and ``Join``
with code of its own; any other function is parsed, and is an error of the entry that needs it.
"""
