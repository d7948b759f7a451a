"""What can go wrong with content, as one tree.

KnowledgeError
├── ContentFault        a file or a line of content.yaml is unusable; the rest goes on
└── IndexFault          a derived index cannot answer (missing, older format, locked)
"""


class KnowledgeError(Exception):
    """Root of every error raised in this package; its text is safe to show to a person."""


class ContentFault(KnowledgeError):
    """One file, or one place in it, cannot be used.

    `place` names where ("content.yaml:12", "label.xml", "deck.pptx slide 3"); `what` says what is wrong and what to do.
    """

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}")
        self.place = place
        self.what = what


class IndexFault(KnowledgeError):
    """A derived index cannot be used; the text says which, and the command that rebuilds it."""
