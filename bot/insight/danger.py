"""Texts of somebody in danger: who thinks of death, who is beaten, abused, forced or sold.

Nearly every such text has to be found, so a friend of the author counts as well; what is said of animals, trees, prices and
campaigns does not. A hint for people who call back, never a judgement. All phrases are folded; a text is read folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from bot.insight.folding import clean, fold
from bot.insight.normalising import normalise


class Danger(StrEnum):
    """What somebody may be in danger of."""

    SELF_HARM = "self_harm"
    ABUSE = "abuse"


def _any(phrases: Iterable[str]) -> str:
    return "|".join(phrases)


_FOR_FUN = "nong lanh dat lau doi cho xa ban cham kho nang".split()  # noqa: SIM905 - "nóng muốn chết" is only hot
_NOT_OF_LIFE = "o xa chung phu voi kieu canh nho dua ao trong dien dt 4g wifi".split()  # noqa: SIM905
_SELF_HARM = re.compile(
    _any(
        (
            "".join(f"(?<!{word} )" for word in _FOR_FUN) + r"muon chet\b(?! di duoc| cay| lon| ma chua)",
            r"(khong|chang|het|dau co) (con )?(thiet|muon|ham|thich) song\b"
            + rf"(?! (the nay )?({_any(_NOT_OF_LIFE)})\b)",
            r"\bchan song\b(?! o)",
            r"khong (the )?song (noi|tiep|duoc) nua",
            r"song (tiep )?(de )?lam gi nua",
            r"song de lam gi",
            r"song khong bang chet",
            r"tha chet con hon",
            r"chet (quach|phut|di) (cho|con|thi|xong)",
            r"\bchet cho (xong|roi|khuat)|chet (di )?con (suong|hon)\b",
            r"ket lieu|(tu )?ket thuc (cuoc doi|cuoc song|doi minh|tat ca bang)",
            r"(muon|dinh|se|di|da|tung|doa|tinh) nhay (cau|lau|song|xuong song|xuong cau|tu tang)|nhay (cau|song|lau) (cho|tu|chet)",
            r"(em|minh|toi|con|chau|da|dinh|muon|se|doi|tung|bang|ban em|voi) uong (thuoc )?(sau|tru sau|ngu|chuot|diet co|co chay)\b",
            r"(an|nuot|tim|hai|cham) la ngon|treo co\b|that co\b",
            r"(cat|rach|cua) (co )?tay\b(?! ao| nghe)",
            r"lam (hai|dau|ton thuong) (ban than|chinh minh)|tu hai\b|tu lam dau|tu rach",
            r"bien mat (khoi|mai|luon|thi tot)|muon bien mat",
            r"ngu (mai|luon) (khong|dung) (bao gio )?(day|tinh)|khong muon (tinh|thuc) day nua",
            r"khong con (ly do|li do|muc dich|y nghia)( gi)?( de)? song",
            r"cuoc (song|doi) (nay )?(khong con|vo) (y )?nghia|thu tuyet menh",
            r"(nghi|dinh|muon|tim) (den |toi |ve |den viec |cach )?(cai chet\b(?! trang)|viec chet|cach chet)",
            r"\bkill (myself|himself|herself)|(want|wish|going|ready) (to|i) (die|be dead|was dead|were dead)|wanna die",
            r"suicid|\bend (my|it) (life|all)|hurt(ing)? myself|cut(ting)? myself|self harm|hang myself",
            r"no (reason|point) (to|in) liv|(do not|don ?t|dont) want to (live|be alive|wake up)|better off dead|tired of living",
        )
    )
)
_OWN_DEATH = re.compile(r"tự (tử|vẫn|sát|thiêu)|tuyệt vọng", re.IGNORECASE)  # with marks: "từ từ" is slowly
_OWN_DEATH_BARE = re.compile(
    r"(muon|dinh|nghi|se|da|tung|toi muc|y dinh|tim cach|doa) (den |toi |chuyen |viec )?tu tu\b(?! cho| tren| ve| di| lam)|\btu sat\b"
)

_WHO = (
    "em|minh|toi|con|chau|tui|tao|no|ban em|ban toi|ban minh|ban con|me em|me con|me toi|chi em|chi gai|em gai|em trai|co ban|"
    "ban cung lop|hang xom|con be|be gai|dua be"
)
_DONE = _any(
    (
        "danh dap", r"danh\b(?! bai| gia| thue)", "bao hanh", "hanh ha", "xam hai", "hiep", "cuong", "so mo", "so soang", "sam so",
        "quay roi", "dam o", "cham vao", "nhot", "xich", "bo doi", "ep lay", "bat lay", "ep cuoi", "ga ban", "lua ban", "bat coc",
        "ban sang", "ban qua", "doa giet", "tong tien", "tung anh", "lot do", "chan danh", "tat vao", "chui rua",
    )
)  # fmt: skip
_DOER = _any(
    [
        "bo",
        "cha",
        "me",
        "chong",
        "bo duong",
        "di ghe",
        "me ke",
        "anh trai",
        "ong",
        "chu",
        "thay",
        "thay giao",
        "bac",
        "nguoi yeu",
        "ban trai",
        "anh re",
        "duong",
    ]
)
_DOES = _any(
    [
        r"danh",
        r"danh dap",
        r"dap",
        r"da vao",
        r"tat",
        r"bop co",
        r"doa giet",
        r"nhot",
        r"xich",
        r"hanh ha",
        r"bao hanh",
        r"sam so",
        r"so mo",
        r"so soang",
        r"cham vao",
        r"hiep",
    ]
)
_ABUSE = re.compile(
    _any(
        (
            rf"\b({_WHO})\b (\w+ ){{0,3}}bi (\w+ ){{0,4}}({_DONE})",
            rf"\b({_DOER})\b (\w+ ){{0,3}}({_DOES}) (\w+ ){{0,2}}(em|con|minh|toi|chau|vo)\b(?! hoc)",
            r"\b(em|con|minh|toi|chau|ban em|chi em)\b.*\b(bi|bat|ep|ga) (\w+ ){0,3}(lay chong|lay vo|cuoi)\b",
            r"\b(bi|bat|ep) (\w+ ){0,2}(lay chong|lay vo|cuoi)\b.*\b(em|con|minh|toi|chau)\b",
            r"(doa|dinh|doi) (giet|chem|dam) (em|ca nha|con|minh|toi|chau)",
            r"\bcuu (em|con|minh|toi|chau|chung em) (voi|di)|xin hay cuu",
            r"\b(hits?|beats?|beating|hitting|abus\w+|rap(es|ed)|molest\w+|touch(es|ed|ing)|hurts|threaten\w*) (me|my (mother|mom|sister|brother|friend))\b",
            r"\b(i|friend|sister|mother|she) (was|am|is|have been|has been|being|got) (\w+ )?(raped|abused|beaten|molested|assaulted|trafficked|sold|threatened)",
            r"forc\w+ (me|her) to marry|afraid (to go|of going) home|sexual(ly)? (abuse|assault)",
        )
    )
)
_OF_OTHERS = re.compile(
    r"phong chong|phong tranh|tuyen truyen|ti le|ty le|cong tac|tang cuong|giam thieu|chuyen de|truyen thong ve|canh bao ve|"
    r"ngan chan|toa dam|prevent|awareness|campaign"
)
_OWN = re.compile(r"\b(em|minh|toi|con|chau|tui) (\w+ ){0,2}(muon|dinh|nghi|bi|khong|da|hay)\b|\b(i|me|my)\b")


def danger(text: str) -> Danger | None:
    """What the author or somebody near may be in danger of; None where nothing points to it."""
    said = " ".join(re.sub(r"[^\w\s]", " ", fold(normalise(text))).split())
    of_others = bool(_OF_OTHERS.search(said)) and not _OWN.search(said)
    if of_others:
        return None
    if _SELF_HARM.search(said) or _OWN_DEATH.search(clean(text)) or _OWN_DEATH_BARE.search(said):
        return Danger.SELF_HARM
    return Danger.ABUSE if _ABUSE.search(said) else None
