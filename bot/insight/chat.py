"""How Vietnamese is typed in a hurry: what each short form stands for.

Only forms that mean one thing; "đk" (condition, registration, allowed) is left as it is.
"""

from __future__ import annotations

import re

_GROUPS = {
    "không": "k ko kh kg kô hok hk khum hông hổng hơm",
    "được": "dc đc đuợc dk đk dx đx",
    "như thế nào": "ntn nthn nhưtn",
    "gì": "j gj ji z`",
    "vậy": "z zậy zay dzậy zị zj",
    "với": "vs",
    "biết": "bít bik bit bík biêt",
    "muốn": "mún mun muôn mốn",
    "rồi": "r rùi ròi rui roài",
    "mình": "mk mik mìh mềnh mih mjnh",
    "mọi người": "mn mng",
    "người": "ng ngừi ngùi",
    "nhiều": "nhìu nhiu nhìuu",
    "trước": "trc trk trướk",
    "nước": "nc",
    "làm": "lm",
    "cũng": "cx cg cug cũg",
    "bạn": "b bn pạn",
    "em": "e",
    "chị": "c",
    "tôi": "t",
    "anh em": "ae",
    "anh chị": "a/c",
    "những": "nhg nhữg",
    "nhưng": "nhưg nhug",
    "thích": "thik thick thjk",
    "quá": "wá qá",
    "phải": "fải pải",
    "giờ": "jờ",
    "bây giờ": "bh bjo",
    "nữa": "nx",
    "việc": "vc",
    "luôn": "luonn",
    "hôm": "hum",
    "điện thoại": "đt dt",
    "số điện thoại": "sđt sdt",
    "học sinh": "hs",
    "sinh viên": "sv",
    "giáo viên": "gv",
    "bác sĩ": "bs",
    "công ty": "cty",
    "doanh nghiệp": "dn",
    "khởi nghiệp": "kn",
    "thanh niên": "tniên thniên",
    "trung quốc": "tq",
    "mạng xã hội": "mxh",
    "công nghệ thông tin": "cntt",
    "câu lạc bộ": "clb",
    "hợp tác xã": "htx",
    "xuất khẩu lao động": "xklđ xkld",
    "bảo hiểm y tế": "bhyt",
    "bảo hiểm xã hội": "bhxh",
    "bảo hiểm thất nghiệp": "bhtn",
    "nghĩa vụ quân sự": "nvqs",
    "thương mại điện tử": "tmđt tmdt",
    "khu công nghiệp": "kcn",
    "giải phóng mặt bằng": "gpmb",
    "dân tộc thiểu số": "dtts",
    "ngân hàng chính sách": "nhcs",
    "ngân hàng chính sách xã hội": "nhcsxh",
    "ngân hàng": "nh",
    "giấy phép lái xe": "gplx",
    "đăng ký kinh doanh": "đkkd dkkd",
    "căn cước công dân": "cccd",
    "an toàn giao thông": "atgt",
    "sản xuất kinh doanh": "sxkd",
    "chuyển đổi số": "cđs",
    "vợ": "vk",
    "chồng": "ck",
}
FORMS = {short: full for full, shorts in _GROUPS.items() for short in shorts.split()}
_AMOUNT = re.compile(r"(\d+)(tr|trieu|triệu|k|ty|tỷ|tỉ)", re.IGNORECASE)
_UNITS = {"tr": "triệu", "trieu": "triệu", "triệu": "triệu", "k": "nghìn", "ty": "tỷ", "tỷ": "tỷ", "tỉ": "tỷ"}
_INITIALS = (("f", "ph"), ("w", "qu"), ("dz", "d"))


def spelled_out(word: str) -> str:
    """What a short form in lower case stands for; "" where it is none."""
    return FORMS.get(word, "")


def amount(word: str) -> str:
    """ "50tr" as "50 triệu"; "" where it is no amount."""
    found = _AMOUNT.fullmatch(word)
    return f"{found[1]} {_UNITS[found[2].lower()]}" if found else ""


def usual_initial(word: str) -> str:
    """A word in lower case with the usual letters for a playful first one: "fòng" as "phòng"."""
    for playful, usual in _INITIALS:
        if word.startswith(playful):
            return usual + word[len(playful) :]
    return word
