"""What can be wrong with the screen's own data: found at start, never while a message is read."""

from __future__ import annotations

from assistant.errors import AssistantError


class ScreenDataError(AssistantError):
    """A lexicon, table or weight file is not what it must be; the text names the file and the entry."""

    code = "screen_data"
