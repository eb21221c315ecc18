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


_FOR_FUN = "nong lanh dat lau doi cho xa ban cham kho nang dau ngon vui buon".split()  # noqa: SIM905 - "nóng muốn chết" is only hot
_NOT_OF_LIFE = "o xa chung phu voi kieu canh nho dua ao trong dien dt 4g wifi".split()  # noqa: SIM905
_SELF_HARM = re.compile(
    _any(
        (
            "".join(f"(?<!{word} )" for word in _FOR_FUN) + r"muon chet\b(?! di duoc| cay| lon| ma chua)",
            r"(khong|chang|het|dau co) (con )?(thiet|muon|ham|thich) song\b"
            + rf"(?! (the nay )?({_any(_NOT_OF_LIFE)})\b)",
            r"\bchan song\b(?! o)",
            r"khong (the )?song (noi|tiep|duoc) nua|khong (con )?muon (ton tai|sinh ra|lam nguoi)|khong (con )?thiet tha|\buoc (gi )?(minh |em )?(khong duoc sinh ra|chet)",
            r"(nghi|thay|chac) (la |rang )?chet (la |cho |di )?(het|xong|khoe|nhe|thoat)|chet la (het|xong)",
            r"(?<!tre )(?<!nan )(?<!cac )(?<!ban )(?<!anh )(?<!chi )(?<!nhu )(?<!nha )(?<!cua )(?<!vuon )\b(em|minh|con|toi) (ma )?(chet|chet di|chet roi)\b(?! me| dan| may| khiep| cuoi| dung| duoi| ngat| doi| ret| lang)|neu (em|minh|con|toi) (chet|bien mat|mat di)",
            r"(tot hon|vui hon|do kho|nhe nhom hon)( \w+){0,3} (neu )?khong co (em|minh|con|toi)\b|khong co (em|minh|con|toi) (thi |chac )?(\w+ ){0,3}(tot hon|vui hon|do kho)",
            r"(muon|dinh|tinh|nghi|doi|nen) (tu )?cham dut\b(?! hop dong| tinh trang| viec| nan| hoat dong)|het loi thoat|khong (con |co )?loi thoat|het hy vong song|khong thay tuong lai",
            r"(dung|leo|ra|len) (tren |len |ra )*(cau|lan can|san thuong|noc|bo song|mep nuoc)( \w+){0,4} (dinh|muon|tinh|nghi|roi) (nhay|buong|lao)",
            r"(em|minh|toi|con|chau|da|dinh|muon|nen|co nen) (\w+ ){0,3}uong (\w+ ){0,3}thuoc (ngu|sau|chuot|tru sau|diet co)|uong (\d+|ca|het|nhieu) (vien|vi|lo) thuoc|(bang|lay|dung|cam|mua) dao lam\b|day thung (treo|that)",
            r"chua tung (duoc )?(sinh|de) ra|khong nen (duoc )?(sinh|de) ra|chan (ghet )?ban than( minh)? (\w+ ){0,3}(chet|muon)|chang ai khoc",
            r"vinh biet|loi tu biet|tu biet (bo|me|moi nguoi|cuoc)|thu (tuyet menh|cuoi cung)|lan cuoi (em|minh|toi) (viet|noi)",
            r"(mua|gom|tich|chuan bi|co) (san )?(nhieu |mot vi |vi )?thuoc ngu|thuoc ngu (qua lieu|ca vi|ca lo)",
            r"khong ai can (em|minh|toi|con)|song thua|(em|minh|toi|con) (la )?(ganh nang|thu bo di|vo dung)|song (ma )?(nhu|cung nhu) chet",
            r"(tu )?ket thuc (tat ca|het|di|cho xong|minh)|muon tu ket thuc|(muon|se) ra di (mai mai|vinh vien)|di theo (ba|ong|bo|me) (cho|luon)",
            r"song (tiep )?(de )?lam gi nua",
            r"song de lam gi",
            r"song khong bang chet",
            r"tha chet con hon",
            r"chet (quach|phut|di) (cho|con|thi|xong)",
            r"\bchet cho (xong|roi|khuat)|chet (di )?con (suong|hon)\b",
            r"ket lieu|(tu )?ket thuc (cuoc doi|cuoc song|doi minh|tat ca bang)",
            r"(em|minh|toi|con|chau|muon|dinh|se|di|da|tung|doa|tinh|chac) nhay (xuong |tu )*(cau|lau|song|ho|suoi|gieng|tang)|nhay (cau|song|lau) (cho|tu|chet)",
            r"(em|minh|toi|con|chau|da|dinh|muon|se|doi|tung|bang|ban em|voi) uong (thuoc )?(sau|tru sau|ngu|chuot|diet co|co chay)\b",
            r"(an|nuot|tim|hai|cham) la ngon|(muon|dinh|doa|nghi|da|se|tung|ban em|chi em|em trai|em gai|tu) treo co\b|that co\b|day thung",
            r"(cat|rach|cua) (co )?tay\b(?! ao| nghe)",
            r"lam (hai|dau|ton thuong) (ban than|chinh minh)|tu hai\b|tu lam dau|tu rach",
            r"bien mat (khoi|mai|luon|thi tot)|muon bien mat",
            r"ngu (mai|luon) (khong|dung) (bao gio )?(day|tinh)|khong muon (tinh|thuc) day nua",
            r"khong con (ly do|li do|muc dich|y nghia)( gi)?( de)? song",
            r"cuoc (song|doi) (nay )?(khong con|vo) (y )?nghia|thu tuyet menh",
            r"(nghi|dinh|muon|tim) (den |toi |ve |den viec |cach )?(cai chet\b(?! trang)|viec chet|cach chet)",
            r"\bkill (myself|himself|herself)|(want|wish|going|ready) (to|i) (die|be dead|was dead|were dead)|wanna die",
            r"suicid|\bend (my|it) (life|all)|hurt(ing)? myself|cut(ting)? myself|self harm|hang myself",
            r"no (reason|point) (to|in) liv|(do not|don ?t|dont) want to (live|be alive|wake up)|better off dead|tired of living|feel like dying|can ?t go on|nothing to live for|(want|wish) (it|everything) (all )?to end|goodbye (world|forever|everyone)|life is (meaningless|pointless)|disappear forever|overdos|(take|took|swallow\w*) (all |them all|the pills|pills)|nobody (would|will) (miss|care)|if i died|without me",
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
        "danh dap", r"danh\b(?! bai| gia| thue| bat)", "bao hanh", "hanh ha", "xam hai", "hiep", "cuong", "so mo", "so soang", "sam so",
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
        "ba duong",
        "cha duong",
    ]
)
_DOES = _any(
    [
        r"danh(?! gia| thue| bai| bat| ca| dau| vong| may| cau)",
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
            rf"\b({_WHO})\b (\w+ ){{0,3}}(?<!nhu )bi (\w+ ){{0,4}}({_DONE})",
            rf"\b({_DOER})\b (\w+ ){{0,3}}({_DOES}) (\w+ ){{0,2}}(em|con|minh|toi|chau|vo)\b(?! hoc)",
            r"\b(em|con|minh|toi|chau|ban em|chi em)\b.*\b(bi|bat|ep|ga) (\w+ ){0,3}(lay chong|lay vo|cuoi)\b",
            r"\b(bi|bat|ep) (\w+ ){0,2}(lay chong|lay vo|cuoi)\b.*\b(em|con|minh|toi|chau)\b",
            r"(doa|dinh|doi|hen) (giet|chem|dam|danh) (em|ca nha|con|minh|toi|chau)|doa (se )?(tung|gui|dang|up) (clip|anh|hinh|video)",
            rf"\b({_DOER}) (em|con|minh|toi|chau)\b (\w+ ){{0,6}}(dam|danh|dap|tat|bop co|danh dap|chui boi)\b(?! gia| bai| bat| thue| boc| ca| lua| dau)",
            r"\b(lam nhuc|gio tro|lam tro bay|cuong buc|khieu dam)\b|(bat|ep|lua) (\w+ ){0,4}(lam vo|lam gai|ban dam|ban than)|coi (do|quan ao) (cua )?(em|ban|minh)|bat coi do",
            r"(khong cho|cam|giam|bat) (em|minh|con|toi|chau|bon em) (\w+ )?(ve nha|ve|ra ngoai|ra khoi nha|lien lac)\b|giu (giay to|ho chieu|dien thoai)( \w+){0,3} khong cho",
            r"(anh|clip|hinh) (nong|nhay cam|sex|rieng tu) (cua )?(em|minh|toi|con)|bi duoi (ra )?khoi nha|duoi (em|con) (ra )?khoi nha|bam tim",
            r"\b(om hon|om ap|hon hit)\b (\w+ ){0,2}(em|con|chau|minh)\b|(bac|chu|ong|thay|anh|hang xom) (\w+ ){0,3}(hay |cu )?(om hon|hon em|om em)",
            r"\b(cuong hiep|hiep dam|cuong dam|cuong buc)\b|(lam|giao) (chuyen |tro )?(doi bai|bay ba)|ep (em|minh|con|toi|ban em)? ?quan he|bi ep quan he",
            r"\b(so|dung cham|vuot ve|om|hon|mo) (mo )?(vao )?(nguoi|nguc|dui|mong|vung kin|cho kin|lung) (cua )?(em|con|minh|toi|chau)\b",
            r"\b(loi|keo|xich|troi) (em|con|minh|toi|chau|me em) (\w+ ){0,3}(danh|dap|ra|lai|xuong)",
            r"\b(ga|ban|cho) (em|con|minh|chau|chi em) (\w+ ){0,2}(cho nguoi ta|lay tien|cho ong|cho nha|sang ben|lam vo)|ga cho (nguoi|ong|nha|thang)",
            r"(cap|tui|no|chung no|bon no|ban be|ca lop) (\w+ ){0,2}(danh|tran lot|chan duong|bat nat) (em|con|minh|toi)\b",
            r"\bcuu (em|con|minh|toi|chau|chung em) (voi|di)|xin hay cuu",
            r"\b(hits?|beats?|beating|hitting|abus\w+|rap(es|ed)|molest\w+|touch(es|ed|ing)|hurts|threaten\w*) (me|my (mother|mom|sister|brother|friend))\b|\b(chok|kick|punch|slap|grop|whip|burn)\w* (me|us|my (mother|mom|sister|brother))\b|\brap(e|ed|es|ing) (me|my|her)\b|lock\w* (me|us|her) (in|up|inside)",
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


_SPACED_OUT = re.compile(r"\b\w(?:[.\-*_]\w){2,}\b")  # "c.h.e.t", to get past a filter


def _plain(text: str) -> str:
    joined = _SPACED_OUT.sub(lambda found: re.sub(r"\W", "", found[0]), fold(text))
    return " ".join(re.sub(r"[^\w\s]", " ", joined).split())


def danger(text: str) -> Danger | None:
    """What the author or somebody near may be in danger of; None where nothing points to it."""
    said = _plain(normalise(text)) + " | " + _plain(text)  # mending may take English for short forms
    of_others = bool(_OF_OTHERS.search(said)) and not _OWN.search(said)
    if of_others:
        return None
    if _SELF_HARM.search(said) or _OWN_DEATH.search(clean(text)) or _OWN_DEATH_BARE.search(said):
        return Danger.SELF_HARM
    return Danger.ABUSE if _ABUSE.search(said) else None
