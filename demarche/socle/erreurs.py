"""The one error that a service raises for a person to read."""

from django.core.exceptions import ValidationError


class ErreurMetier(ValidationError):
    """A rule of the démarche refuses the act; the message is a French sentence that says what to do."""
