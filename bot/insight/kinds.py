"""What kind of contribution a text is: a first guess that its author sees and changes."""

from __future__ import annotations

import re

from bot.insight.folding import fold

QUESTION, SUGGESTION, SHORTCOMING, INITIATIVE = "question", "suggestion", "shortcoming", "initiative"

_SIGNS = {
    INITIATIVE: r"hien ke|sang kien|y tuong|mo hinh moi|idea|initiative",
    SHORTCOMING: r"bat cap|kho khan|vuong mac|phien ha|rac roi|cham tre|cham qua|mai chua|van chua|chua thay|chua co ai|"
    r"khong ai|qua lau|qua xa|hong|xuong cap|bi dung|problem|too slow|still not|broken",
    SUGGESTION: r"de nghi|de xuat|kien nghi|mong|nen co|xin tinh|xin duoc|uoc gi|gia nhu|can co|ho tro|please|should|suggest",
    QUESTION: r"cho (em|minh|toi|chau) hoi|\bhoi\b|the nao|nhu the nao|bao gio|khi nao|o dau|lam sao|tai sao|vi sao|"
    r"\bntn\b|bao nhieu|co duoc khong|duoc khong|co phai|the a$|how|when|where|why|what|can i",
}


def kind(text: str) -> str:
    """One of the four kinds. A question mark or a question word decides first; a plain statement is a suggestion."""
    folded = fold(text)
    if "?" in text or re.search(_SIGNS[QUESTION], folded):
        return QUESTION
    found = (name for name in (INITIATIVE, SHORTCOMING, SUGGESTION) if re.search(_SIGNS[name], folded))
    return next(found, SUGGESTION)
