"""Back up with restic on schedule, and prove that what was backed up restores.

Rooms, a higher one imports lower ones only (import-linter holds it):

    saving     a backup run            restore    give it back to a person
    proof      the proof that it restores
    keeping    ledger, retention       evidence   what is signed       sources   what is saved
    probes     what restored files mean, looked at in a cell
    walls      throw-away places       repository restic, and what opens a repository

Beside them lies what all share: verdicts and their words, jobs, names, the manifest.
"""
