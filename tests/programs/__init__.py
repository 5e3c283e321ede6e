"""The desk among real mail programs: Postfix, Dovecot with Pigeonhole, swaks, mutt, nmh and s-nail.

Each server runs from a folder of its own on high ports of this machine; what is not installed is skipped by name.
"""
