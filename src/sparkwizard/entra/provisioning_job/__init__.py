"""Microsoft Entra's own provisioning service, set up and watched through Microsoft Graph.

Pure, and tested without a network (``types`` holds what they hand out):

- ``desired``: a setup as the service should run it;
- ``changes``: desired by what was read gives the list of changes, each with a sentence; ``sealing``
  gives the list its digest;
- ``settings``, ``schema``: the settings of a job and its schema, merged into what is there;
- ``roles``: with which role somebody is assigned;
- ``decoding``, ``log_entries``, ``on_demand``: what Graph answers, as frozen values;
- ``comparing``: the schema beside the setup; ``foretold``: the logs beside a preview.

With Graph: ``client`` knows the paths, ``reading`` reads the state of the tenant.
Carrying a plan out is the business of ``runs.cloud``: each change goes to the journal first.
"""
