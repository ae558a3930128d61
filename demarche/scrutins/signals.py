"""What the ballots announce upward; the rooms above receive it in their `receivers.py`."""

from django.dispatch import Signal

# A ballot has just been closed, in the same transaction. Argument: `scrutin`, locked and up to date.
scrutin_clos = Signal()
