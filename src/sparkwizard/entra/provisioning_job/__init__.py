"""Microsoft Entra's own provisioning service, set up and watched through Microsoft Graph.

``types`` holds what all of it hands out, ``job_types`` what is told of a job that runs. Pure, and
tested without a network: ``desired`` (a setup as the service should run it), ``planning/`` (desired
by what was read gives the list of changes), ``answers/`` (what Graph says, as values), ``remedies``
(what quarantines, errors and restarts mean) and ``log_filter``. With Graph: ``client`` knows the
requests, ``reading`` reads the state of the tenant.

Carrying a plan out is the business of ``runs.cloud``: each change goes to the journal first.
"""
