"""Names that may mean several units, or none: each case says what decides it."""

from datetime import date

import pytest

from extract.passage import Passage
from extract.places import find_places

OLD, NEW = date(2022, 3, 1), date(2025, 9, 1)
Case = tuple[str, str | None, date, str, str, tuple[str, ...] | None]

# what decides, the paper's province, the day, the text, the name in it, the path it means (None: no place)
CASES: list[Case] = [
    ("paper", "Tiền Giang", OLD, "Huyện Châu Thành họp.", "Châu Thành", ("Tiền Giang", "Châu Thành")),
    ("paper", "Bến Tre", OLD, "Huyện Châu Thành họp.", "Châu Thành", ("Bến Tre", "Châu Thành")),
    ("paper", "Sóc Trăng", OLD, "Huyện Châu Thành họp.", "Châu Thành", ("Sóc Trăng", "Châu Thành")),
    ("paper", "Cà Mau", OLD, "Bà con Phú Tân nuôi tôm.", "Phú Tân", ("Cà Mau", "Phú Tân")),
    ("paper", "An Giang", OLD, "Bà con Phú Tân làm lúa.", "Phú Tân", ("An Giang", "Phú Tân")),
    ("paper", "Bắc Kạn", OLD, "Huyện Chợ Mới có chè.", "Chợ Mới", ("Bắc Kạn", "Chợ Mới")),
    ("paper", "Hòa Bình", OLD, "Lạc Sơn mưa lớn.", "Lạc Sơn", ("Hòa Bình", "Lạc Sơn")),
    ("chain over paper", "An Giang", OLD, "Đoàn đến Phú Tân (Cà Mau).", "Phú Tân", ("Cà Mau", "Phú Tân")),
    ("chain", None, OLD, "Huyện Châu Thành, tỉnh Long An, họp.", "Châu Thành", ("Long An", "Châu Thành")),
    ("chain", None, OLD, "Huyện Kỳ Sơn (Nghệ An) có tuyết.", "Kỳ Sơn", ("Nghệ An", "Kỳ Sơn")),
    ("chain", None, OLD, "Xã Tân Bình, huyện Bắc Tân Uyên.", "Tân Bình", ("Bình Dương", "Bắc Tân Uyên", "Tân Bình")),
    ("chain behind a list", None, OLD, "Các xã Tân Bình và Tân Định, huyện Bắc Tân Uyên.", "Tân Bình",
     ("Bình Dương", "Bắc Tân Uyên", "Tân Bình")),
    ("chain", "Hồ Chí Minh", OLD, "Phường 2, quận 5.", "Phường 2", ("Hồ Chí Minh", "Quận 5", "Phường 2")),
    ("chain", "Hồ Chí Minh", OLD, "Phường 2, quận Tân Bình.", "Phường 2", ("Hồ Chí Minh", "Tân Bình", "Phường 2")),
    ("province named", None, OLD, "Tỉnh Sóc Trăng khen. Huyện Châu Thành nhận cờ.", "Châu Thành",
     ("Sóc Trăng", "Châu Thành")),
    ("district named before", "An Giang", OLD, "Huyện Tịnh Biên họp. Bà con xã An Phú phấn khởi.", "An Phú",
     ("An Giang", "Tịnh Biên", "An Phú")),
    ("level of the prefix", "An Giang", OLD, "Huyện An Phú giáp biên giới.", "An Phú", ("An Giang", "An Phú")),
    ("level of the prefix", "Cao Bằng", OLD, "TP Cao Bằng vào hội.", "Cao Bằng", ("Cao Bằng", "Cao Bằng")),
    ("larger unit if bare", "Cao Bằng", OLD, "Đường lên Cao Bằng đẹp.", "Cao Bằng", ("Cao Bằng",)),
    ("level of the prefix", "Tiền Giang", OLD, "Thị trấn Chợ Gạo họp.", "Chợ Gạo",
     ("Tiền Giang", "Chợ Gạo", "Chợ Gạo")),
    ("larger unit if bare", "Tiền Giang", OLD, "Chè bưởi có ở Chợ Gạo.", "Chợ Gạo", ("Tiền Giang", "Chợ Gạo")),
    ("city run by the centre", "Nghệ An", OLD, "Đoàn từ TP Đà Nẵng đến.", "Đà Nẵng", ("Đà Nẵng",)),
    ("organ", "Quảng Trị", OLD, "Thị ủy Quảng Trị họp.", "Quảng Trị", ("Quảng Trị", "Quảng Trị")),
    ("organ", "Quảng Trị", OLD, "Tỉnh ủy Quảng Trị họp.", "Quảng Trị", ("Quảng Trị",)),
    ("organ", "Tây Ninh", NEW, "Nguyên Bí thư Huyện ủy Bến Lức dự.", "Bến Lức", ("Long An", "Bến Lức")),
    ("day", "Thừa Thiên Huế", OLD, "Thành phố Huế mưa lớn.", "Huế", ("Thừa Thiên Huế", "Huế")),
    ("day", "Huế", NEW, "Thành phố Huế mưa lớn.", "Huế", ("Huế",)),
    ("day", "Thừa Thiên Huế", OLD, "Phường Vỹ Dạ ngập.", "Vỹ Dạ", ("Thừa Thiên Huế", "Huế", "Vỹ Dạ")),
    ("day", "An Giang", OLD, "Xã Vĩnh Trạch đạt chuẩn.", "Vĩnh Trạch", ("An Giang", "Thoại Sơn", "Vĩnh Trạch")),
    ("day", "An Giang", NEW, "Xã Vĩnh Trạch đạt chuẩn.", "Vĩnh Trạch", ("An Giang", "Vĩnh Trạch")),
    ("day", "Ninh Bình", NEW, "Phường Hà Nam họp.", "Hà Nam", ("Ninh Bình", "Hà Nam")),
    ("day", "Hà Nam", OLD, "Lụt ở Hà Nam.", "Hà Nam", ("Hà Nam",)),
    ("day", "Hồ Chí Minh", NEW, "Phường Sài Gòn họp.", "Sài Gòn", ("Hồ Chí Minh", "Sài Gòn")),
    ("day", "Hồ Chí Minh", OLD, "Khách đến Sài Gòn đông.", "Sài Gòn", ("Hồ Chí Minh",)),
    ("type of the prefix", "Tây Ninh", NEW, "Thị trấn Bến Lức cũ.", "Bến Lức", ("Long An", "Bến Lức", "Bến Lức")),
    ("same name, prefix before", "Thái Bình", OLD, "Xã Tây Giang (Tiền Hải) họp. Nay Tây Giang đẹp.", "Tây Giang đẹp",
     ("Thái Bình", "Tiền Hải", "Tây Giang")),
    ("list", "Bình Phước", OLD, "Các xã Minh Tâm, An Phú, huyện Hớn Quản.", "An Phú",
     ("Bình Phước", "Hớn Quản", "An Phú")),
    ("list", "Nghệ An", OLD, "Các huyện Nam Đàn, Kỳ Sơn họp.", "Kỳ Sơn", ("Nghệ An", "Kỳ Sơn")),
    ("list of provinces", None, OLD, "Hà Nội, Hồ Chí Minh và Đà Nẵng.", "Hồ Chí Minh", ("Hồ Chí Minh",)),
    ("named with its prefix", "Quảng Bình", OLD, "Huyện Quảng Ninh họp. Dân ở Quảng Ninh vui.", "Quảng Ninh vui",
     ("Quảng Bình", "Quảng Ninh")),
    ("person's title", "An Giang", OLD, "Ông Phú Tân nói.", "Phú Tân", None),
    ("part of a person's name", "An Giang", OLD, "Anh Nguyễn Phú Tân nói.", "Phú Tân", None),
    ("part of a person's name", "Hà Giang", OLD, "Chị Trần Hà Giang nói.", "Hà Giang", None),
    ("the President", "Hưng Yên", OLD, "Học tập phong cách Hồ Chí Minh.", "Hồ Chí Minh", None),
    ("road", "Hà Nội", OLD, "Đường Hoàng Mai tắc.", "Hoàng Mai", None),
    ("road between places", "Cần Thơ", OLD, "Cao tốc Châu Đốc - Cần Thơ thông xe.", "Cần Thơ", None),
    ("bridge, not demand", "Long An", OLD, "Xe qua cầu Bến Lức.", "Bến Lức", None),
    ("demand, no bridge", "Long An", OLD, "Tỉnh yêu cầu Bến Lức báo cáo.", "Bến Lức", ("Long An", "Bến Lức")),
    ("river", "An Giang", OLD, "Nước sông Vàm Nao lên.", "Vàm Nao", None),
    ("battle", "Điện Biên", OLD, "Chiến thắng Điện Biên Phủ vang dội.", "Điện Biên Phủ", None),
    ("city of that name", "Điện Biên", OLD, "TP. Điện Biên Phủ vào hội.", "Điện Biên Phủ",
     ("Điện Biên", "Điện Biên Phủ")),
    ("ocean", "Thái Bình", OLD, "Tàu ra Thái Bình Dương.", "Bình Dương", None),
    ("common word", "Hòa Bình", OLD, "Hòa bình là mong muốn chung.", "Hòa bình", None),
    ("company", "Vĩnh Long", OLD, "Công ty Cổ phần Bình Minh tài trợ.", "Bình Minh", None),
    ("cooperative", "Lạng Sơn", OLD, "Hợp tác xã Tân Tiến có lãi.", "Tân Tiến", None),
    ("quotation", "Bình Định", OLD, "Mô hình “Hoài Nhơn” hay.", "Hoài Nhơn", None),
    ("byline", "Hưng Yên", OLD, "Xong việc.\nBài, ảnh: Mỹ Hào", "Mỹ Hào", None),
    ("football club", "Nam Định", OLD, "Thép Xanh Nam Định thắng.", "Nam Định", None),
    ("school named after a person", "Hải Phòng", OLD, "Trường THPT Ngô Quyền đạt chuẩn.", "Ngô Quyền", None),
    ("hospital of a district", "Hưng Yên", OLD, "Trung tâm Y tế Khoái Châu khám bệnh.", "Khoái Châu",
     ("Hưng Yên", "Khoái Châu")),
    ("commune not introduced", "An Giang", OLD, "Đêm nay Lương Phi sáng đèn.", "Lương Phi", None),
    ("the only one, behind its people", "An Giang", OLD, "Bà con Lương Phi phấn khởi.", "Lương Phi",
     ("An Giang", "Tri Tôn", "Lương Phi")),
    ("behind \"ở\", but another province's", "Cà Mau", OLD, "Chị Tư ở Lương Phi kể.", "Lương Phi", None),
    ("behind \"ở\", but a range", "Quảng Bình", OLD, "Bộ đội ở Trường Sơn kể.", "Trường Sơn", None),
    ("no commune of the day beside the other", "Bến Tre", OLD, "Xã Vĩnh Thành, Mỏ Cày Bắc và Ba Tri.", "Ba Tri",
     ("Bến Tre", "Ba Tri")),
    ("committee of a commune", "An Giang", NEW, "Đảng ủy Mỹ Thới họp.", "Mỹ Thới", ("An Giang", "Mỹ Thới")),
    ("bracket behind a commune", "Tuyên Quang", OLD, "Thị trấn Yên Sơn, xã Tứ Quận (Yên Sơn).", "Yên Sơn)",
     ("Tuyên Quang", "Yên Sơn")),
    ("city in the bracket behind", "Đồng Tháp", OLD, "Thăm Sa Đéc; Hòa An (TP Cao Lãnh).", "Hòa An",
     ("Đồng Tháp", "Cao Lãnh", "Hòa An")),
    ("former district in the bracket behind", "Cà Mau", NEW, "Xã Năm Căn, Đất Mũi (Ngọc Hiển cũ).", "Năm Căn",
     ("Cà Mau", "Năm Căn")),
    ("another country", "Kon Tum", OLD, "Đoàn tỉnh Champasak (Lào) sang thăm.", "Champasak", None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}: {case[3]}" for case in CASES])
def test_what_decides(case: Case) -> None:
    by, province, day, text, name, path = case
    start = text.index(name)
    facts = find_places(Passage(text=text, province=province, published=day))
    meant = [fact.path for fact in facts if fact.start < start + len(name) and start < fact.end]
    assert meant == ([path] if path else []), by


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40
