"""The Russian of the command line, read only for an engineer who speaks it (see cli/speech.py).

One table a kind: `help` (paragraphs of --help), `errors` (messages and hints by code), `words`
(what commands print), `phrases` (values that are words). Keys are the English of the code; tests
say which are missing, and which nobody says any more.
"""
