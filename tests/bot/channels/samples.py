"""Small files of every kind that people send, and of kinds that nobody may."""

from __future__ import annotations

import io
import zipfile


def packed(*names: str, **contents: str) -> bytes:
    """An archive with files of those names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, "x"))
    return out.getvalue()


def document() -> bytes:
    """What Word saves, in small."""
    return packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def spoilt() -> bytes:
    """A document that says its kind in bytes that do not unpack."""
    name, packed_badly = "mimetype", io.BytesIO()
    with zipfile.ZipFile(packed_badly, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "application/vnd.oasis.opendocument.text")
    found, begin = packed_badly.getvalue(), 30 + len(name)  # behind the head of the file in it
    return found[:begin] + b"\xff" * 6 + found[begin + 6 :]


def open_document(kind: str = "text") -> bytes:
    return packed("mimetype", "content.xml", mimetype=f"application/vnd.oasis.opendocument.{kind}")


def compound(*streams: str) -> bytes:
    """A file of older office programs, with streams of those names."""
    return (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + b"\0" * 504
        + b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)
    )


def boxes(brand: bytes, handler: bytes) -> bytes:
    """MPEG-4 with one track."""
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0isommp42" + b"\0\0\0\x20hdlr\0\0\0\0\0\0\0\0" + handler + b"\0" * 40


def matroska(codec: bytes) -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\0" * 60 + codec + b"\0" * 60


GOOD = {
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "image/png": b"\x89PNG\r\n\x1a\n\0\0",
    "image/webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "image/gif": b"GIF89a\x01\0",
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "audio/webm": matroska(b"A_OPUS"),
    "audio/ogg": b"OggS\0\x02",
    "audio/mp4": boxes(b"isom", b"soun"),
    "audio/aac": b"\xff\xf1\x50\x80",
    "audio/mpeg": b"ID3\x04\0",
    "audio/wav": b"RIFF\0\0\0\0WAVEfmt ",
    "audio/amr": b"#!AMR\n",
    "audio/flac": b"fLaC\0",
    "application/pdf": b"%PDF-1.4\n",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": document(),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": packed(
        "[Content_Types].xml", "xl/workbook.xml"
    ),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": packed(
        "[Content_Types].xml", "ppt/presentation.xml"
    ),
    "application/vnd.oasis.opendocument.text": open_document(),
    "application/vnd.oasis.opendocument.spreadsheet": open_document("spreadsheet"),
    "application/vnd.oasis.opendocument.presentation": open_document("presentation"),
    "application/msword": compound("Root Entry", "WordDocument"),
    "application/vnd.ms-excel": compound("Root Entry", "Workbook"),
    "application/vnd.ms-powerpoint": compound("Root Entry", "PowerPoint Document"),
}
BAD = {
    "nothing": b"",
    "words": b"xin chao",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing that may run": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a program of Windows": b"MZ\x90\0\x03",
    "a program of Linux": b"\x7fELF\x02\x01",
    "a script": b"#!/bin/sh\nrm -rf /",
    "an archive": packed("a.exe"),
    "an app for phones": packed("AndroidManifest.xml", "classes.dex"),
    "an archive that is broken": b"PK\x03\x04" + b"\xff" * 60,
    "a document whose kind is packed badly": spoilt(),
    "a document with macros": packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "a document of the old kind with macros": compound("WordDocument", "_VBA_PROJECT"),
    "an installer": compound("Root Entry", "SummaryInformation"),
    "a film": boxes(b"isom", b"vide"),
    "a film for pages": matroska(b"V_VP9"),
    "a page in a picture's clothes": b"RIFF\0\0\0\0<htm",
}
