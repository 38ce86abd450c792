"""From a setup and the state of the tenant to the list of changes, sealed. Pure.

``changes`` makes the list; ``roles``, ``settings`` and ``schema`` know a part each; ``comparing``
tells how a schema differs from a setup; ``sealing`` gives the list its digest.
"""
