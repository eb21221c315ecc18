"""What a file really is, by what stands in it: what people may send, and nothing that could be run."""

from __future__ import annotations

import mmap
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

PHOTOS = ("image/jpeg", "image/png", "image/webp", "image/gif")
_WORD = "application/vnd.openxmlformats-officedocument."
ENDINGS = {
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "image/heic": ("heic", "heif"),
    "audio/webm": ("webm", "weba"),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/mp4": ("m4a", "mp4", "aac"),
    "audio/aac": ("aac",),
    "audio/mpeg": ("mp3",),
    "audio/wav": ("wav",),
    "audio/amr": ("amr",),
    "audio/flac": ("flac",),
    "application/pdf": ("pdf",),
    f"{_WORD}wordprocessingml.document": ("docx",),
    f"{_WORD}spreadsheetml.sheet": ("xlsx",),
    f"{_WORD}presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
    "application/msword": ("doc", "dot"),
    "application/vnd.ms-excel": ("xls", "xlt"),
    "application/vnd.ms-powerpoint": ("ppt", "pps"),
}  # the first is what a file without one of them gets
SOUNDS = tuple(kind for kind in ENDINGS if kind.startswith("audio/"))
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"%PDF-", "application/pdf"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_HEIC = {b"heic", b"heix", b"heif", b"mif1", b"msf1"}
_OFFICE = {
    "word/document.xml": f"{_WORD}wordprocessingml.document",
    "xl/workbook.xml": f"{_WORD}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_WORD}presentationml.presentation",
}
_OLD_OFFICE = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_OLD = bytes.fromhex("d0cf11e0a1b11ae1")
_TRACKS = 64 * 1024  # bytes within which Matroska says what tracks there are
_MPEG = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xef]")
_ADTS = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: its media type."""

    media_type: str

    def name(self, given: str) -> str:
        """The name with an ending that fits, so that nothing is taken for something else."""
        ending = given.rpartition(".")[2].lower() if "." in given else ""
        fitting = ENDINGS[self.media_type]
        return given if ending in fitting else f"{given}.{fitting[0]}"


def kind(path: Path) -> Kind | None:
    """What a file is; None for all that is neither picture, sound, PDF nor office document."""
    if not path.stat().st_size:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = _media_type(content, path)
    return Kind(found) if found else None


def _media_type(content: mmap.mmap, path: Path) -> str | None:
    head = content[:64]
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _boxes(content, head)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        moving = any(content.find(codec, 0, _TRACKS) >= 0 for codec in (b"V_VP", b"V_AV1", b"V_MPEG"))
        return "audio/webm" if content.find(b"webm", 0, 64) > 0 and not moving else None
    if head.startswith(b"PK\x03\x04"):
        return _packed(path)
    if head.startswith(_OLD):
        return _old_office(content)
    if _ADTS.match(head):
        return "audio/aac"
    return "audio/mpeg" if _MPEG.match(head) else None


def _boxes(content: mmap.mmap, head: bytes) -> str | None:
    """MPEG-4: a picture of a phone, or sound; what has a track of moving pictures is neither."""
    if head[8:12] in _HEIC:
        return "image/heic"
    at = content.find(b"hdlr")
    while at >= 0:
        if content[at + 12 : at + 16] == b"vide":
            return None
        at = content.find(b"hdlr", at + 4)
    return "audio/mp4"


# An archive that is broken, locked, or packed in a way that is not known.
_NOT_OPENED = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError)


def _packed(path: Path) -> str | None:
    """Office documents are archives that say so; every other archive may hold anything."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((media_type for name, media_type in _OFFICE.items() if name in names), None)
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                media_type = archive.read("mimetype").decode("ascii", "replace").strip()
                return media_type if media_type.startswith("application/vnd.oasis.") and media_type in ENDINGS else None
    except _NOT_OPENED:
        return None
    return None


def _old_office(content: mmap.mmap) -> str | None:
    """Compound files hold streams by name, in UTF-16; an installer has other ones."""
    if content.find("_VBA_PROJECT".encode("utf-16-le")) >= 0:
        return None
    found = (media_type for name, media_type in _OLD_OFFICE if content.find(name.encode("utf-16-le")) >= 0)
    return next(found, None)
