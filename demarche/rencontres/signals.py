"""What the meetings announce upward; the rooms above receive it in their `receivers.py`."""

from django.dispatch import Signal

# The vote that ratifies a consultation has just been opened in a meeting. Arguments: `consultation`, `scrutin`.
enterinement_ouvert = Signal()


# A point of an agenda has just been carried over to another meeting. Arguments: `ancien`, `nouveau`.
point_reporte = Signal()


# A point marked dealt with by mistake has just been taken back. Argument: `point`.
point_repris = Signal()
