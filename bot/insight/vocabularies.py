"""Words that tell a language, folded: common ones that the other languages here do not have."""

from __future__ import annotations

# No "the" (thế), "can" (cần), "to", "do", "hay", "me": they are words of both when typed without marks.
VIETNAMESE = frozenset(
    """
    ad anh ak ai ah bac ban bao biet bit boi bn bi cac cach cai cam chao chau chi chiem chinh cho chu chua chung chuyen chuyen
    co con cong cua cung dan dang dat dau day de den di dia dich dieu doan doi dong du dung duoc dc dk duong e em gi gia
    giai giao giay gio giup giua hai han hang hien hoac hoc hoi hom hon hong huyen hok hung it k ko kh khach khi kho
    khoi khong khu kiem kien kinh la lai lam lan lao lau len li lieu loi luon luong ly ma mai mat may mik minh moi mong
    mot mua muon mun muc nam nao nay nen neu ngan nghe nghi nghiep ngay ngoai nguoi nguon nha nhan nhat nhe nhieu nhu
    nhung nien noi nop nong ntn nua nuoc nuoi o oi phai phan phat phi phong phuong qua quan quang que quy ra rac rat roi
    rung sach san sang sao sau sinh so song su suc sua tai tao tay te thanh thay theo thi thich thiet thieu thon thu thuc
    thue thuoc thuong tien tiep tieu tim tin tinh toan toi ton tot tra trai tren tri tro trong truoc truong trung tu tung
    tuoi ung uu va vai van vao vay ve vi viec vien vn von voi vs vu vua vung xa xau xe xem xin xuat yeu
    """.split()  # noqa: SIM905
)
ENGLISH = frozenset(
    """
    able about after again against all allowed also always am an and another answer any anyone are around as ask asking
    at away bad bank be because been before best better between big border both bridge broken build bus business but buy
    by call cannot card care career cheap children city class clean clear clinic close club college come community
    company cost could country course day dear did district doctor does doing done dont down drug drugs during each easy
    education electricity email end english enough environment even ever every everyone exam explain factory family far
    farm farmer farmers fast fee feel fees few find first fix food football for forest free friend friends from fund
    garbage get girls give go goat going good got government graduate graduated great group grow guide had hamlet happen
    hard has have having he health hello help her here high his home hope hospital hour hours house how i idea ideas if
    im important improve in information insurance interest into invite is issue it its job jobs join just keep
    kids kind know lack land last late later law leaders learn leave less let level library license light lights like
    listen little live living loan loans local long look looking lot low machine make making many market may maybe mayor
    meeting mental military money month months more most mother mountain much must my name near need needs never new next
    nice night no nobody noise not nothing now of off office officer often old on once one only open opinion
    opportunity or other our out over own paper papers parents park pay people person phone place plan plans plant play
    please police policy poor possible power price problem problems product products program programme project promote
    protect provide province public pupils put question quick quickly raise rate read really reduce register repair reply
    rice right river road roads rubbish rural safe salary said same say scam scholarship school schools sell send service
    services she should sick side sign signal since skills slow small so social some someone something sometimes
    soon sorry speak sports start started stay step still stop street strong student students study such suggest support
    sure take talk tax teach teacher teachers team tell than thank thanks that their them then there these they thing
    things think this those time tired today together told too tourism tourists town trade traffic train training tree
    trees trouble true try under understand university until up us use used very village visit volunteer wait waiting
    want wanted was waste water way we website week well were what when where which while who why wifi will winter with
    without woman women work workers working world would write wrong year years yes yet you young your youth
    """.split()  # noqa: SIM905
)
OTHER = frozenset(
    """
    bonjour salut je tu nous vous ils elle est sont pas une les des mes avec pour dans sur mais ou comment pourquoi merci
    voudrais oui aide travail jeunes cest jai suis quand aussi tres ecole argent
    hola buenos buenas como esta estoy soy los las una para por con pero donde cuando gracias quiero necesito trabajo
    jovenes ayuda dinero escuela pueblo tengo muy nuestro nuestra
    ola obrigado voce nao uma voces preciso quero trabalho dinheiro escola onde quando ajuda jovem
    hallo guten ich du wir ihr sie ist sind nicht ein eine der das und mit fur auf aber wie wo warum danke mochte
    brauche arbeit geld schule hilfe jugendliche bitte
    ciao buongiorno io sono siamo il gli della per non come dove perche grazie vorrei lavoro soldi scuola aiuto giovani
    saya kami kita kamu anda tidak dan yang untuk dengan dari ini itu ada apa bagaimana dimana kapan terima kasih ingin
    bisa kerja uang sekolah bantuan desa pinjam
    ako kami kayo hindi ang mga para saan paano salamat po gusto trabaho pera tulong
    dzien dobry jest nie jak gdzie dziekuje czy praca pieniadze szkola
    merhaba bir icin nasil nerede tesekkur istiyorum evet yardim
    hallo ik jij wij een het niet voor met maar waar bedankt werk
    """.split()  # noqa: SIM905
)
FOR_BOTH = frozenset(
    """
    ok oke okay hi hey alo test lol haha hihi bye zalo facebook fb youtube tiktok wow internet online wifi homestay video
    camera email link app web clip livestream startup marketing inbox ship shop shopee game
    """.split()  # noqa: SIM905
)
