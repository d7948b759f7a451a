"""Handing over by dropping a file into a folder another system watches."""

from __future__ import annotations

import json
import os
from pathlib import Path

from assistant.domain.hand_over import Packet
from assistant.errors import PermanentFault, TransientFault
from integrations.handover.packet_json import packet_json
from integrations.home import storage_fault


class FileDropHandOver:
    """One JSON file a revision, named by both. It appears whole or not at all; a repeat rewrites it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, packet: Packet) -> str:
        """Drop the file; the receipt is its name. A full or missing disk may be mended, so it is transient."""
        name = f"{packet.referral.reference}-r{packet.referral.revision}.json"
        draft = self._folder / f".{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8") as file:
                json.dump(packet_json(packet), file, ensure_ascii=False, indent=2)
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(0o640)
            draft.replace(self._folder / name)
            self._settle_folder()
        except OSError as fault:
            said: PermanentFault = storage_fault(self._folder, fault)
            raise TransientFault(str(said)) from fault
        return name

    def _settle_folder(self) -> None:
        """The rename itself must survive a power cut."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
