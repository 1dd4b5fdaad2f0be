//! Rows of tables that are nobody's, long numbers of which a spreadsheet has left the beginning only, and values in another encoding.

use csv::ByteRecord;

use crate::lang::Text;
use crate::rows::map::{begins_with, last_part};
use crate::rows::{Column, Fault, Sheet};
use crate::source::{folded, unseen_in_lines};

/// What stands at the beginning of rows that are no applicants.
pub(super) const BESIDE: [&str; 24] = [
    "合计",
    "总计",
    "共计",
    "小计",
    "本页合计",
    "本页小计",
    "累计",
    "total",
    "subtotal",
    "注",
    "备注",
    "说明",
    "填表说明",
    "制表人",
    "填表人",
    "填报人",
    "审核人",
    "复核人",
    "经办人",
    "负责人",
    "单位负责人",
    "填报单位",
    "填表日期",
    "填报日期",
];

fn texts(record: &ByteRecord) -> impl Iterator<Item = &str> {
    record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or_default())
}

/// A row that no applicant stands in: a sum, a note or a signature below the rows, or heads once more.
pub(super) fn of_nobody(record: &ByteRecord, line: u64, sheet: &Sheet) -> Option<Fault> {
    let heads = &sheet.heads;
    let cell =
        |place: usize| record.get(place).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default().trim();
    let (place, first) = texts(record).enumerate().find(|(_, cell)| !cell.trim().is_empty())?;
    let first = first.trim();
    // Most rows are known by their first letter to be none of these.
    let initial = first.chars().next().map(|letter| letter.to_ascii_lowercase());
    let begins = |word: &str| word.chars().next() == initial && begins_with(&first.to_lowercase(), word);
    let has_no_other_id = heads.place(&Column::Id).is_none_or(|id| id == place || cell(id).is_empty());
    let reason = if has_no_other_id && BESIDE.iter().any(|word| begins(word)) {
        Text::new(
            "这一行像合计、注或落款，不是申请人；删去，或用对照表（--columns）的 beside 注明",
            "this row looks like a sum, a note or a signature, and no applicant; delete it, or name it in a map (--columns) as beside",
        )
    } else if is_a_section(first)
        && heads.names.len() > 2
        && texts(record).skip(place + 1).all(|cell| cell.trim().is_empty())
    {
        Text::new(
            "这一行像分段的标题，不是申请人；删去，或用对照表（--columns）的 beside 注明",
            "this row looks like the title of a section, and no applicant; delete it, or name it in a map (--columns) as beside",
        )
    } else {
        let is_a_head = |place: &usize| {
            let cell = cell(*place);
            heads.names.get(*place).is_some_and(|name| !cell.is_empty() && folded(last_part(name)) == folded(cell))
        };
        [Column::Id, Column::Name].iter().filter_map(|column| heads.place(column)).find(is_a_head)?;
        Text::new(
            "这一行是列名，不是申请人：列名只在最上面写一次，另一张表放到另一张工作表",
            "this row holds heads, and no applicant: heads stand once, at the top, and another table on a sheet of its own",
        )
    };
    let name = heads.names.get(place).map_or("", String::as_str);
    Some(Fault::of_line(&sheet.file, line, reason).in_column(name, first))
}

/// `一、在职人员`, `（二）退休人员`, `第三批`
fn is_a_section(text: &str) -> bool {
    let numeral = |letter: char| "一二三四五六七八九十".contains(letter);
    let inner = text.strip_prefix(['（', '(', '第']).unwrap_or(text);
    let rest = inner.trim_start_matches(numeral);
    let ends = if inner.len() == text.len() {
        &['、', '.', '．'][..]
    } else {
        &['）', ')', '批', '类', '部', '组', '期'][..]
    };
    rest.len() < inner.len() && rest.starts_with(ends)
}

/// A text that is a long number in short, as spreadsheets show it: its digits are lost.
pub(super) fn shortened(record: &ByteRecord, line: u64, sheet: &Sheet) -> Option<Fault> {
    let (place, cell) = texts(record).enumerate().find(|(place, cell)| {
        is_shortened(cell.trim()) && sheet.heads.columns.get(*place).is_some_and(Column::is_a_text)
    })?;
    let reason = Text::new(
        "这是表格软件对长号码的科学计数显示，号码已经不全；在原表中把这一列设为文本，重新填写",
        "this is a long number as a spreadsheet shows it in short, and its digits are lost; format the column as text and type it anew",
    );
    let name = sheet.heads.names.get(place).map_or("", String::as_str);
    Some(Fault::of_line(&sheet.file, line, reason).in_column(name, cell))
}

/// `4.41802E+17`
fn is_shortened(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let whole = digits.replacen('.', "", 1);
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    // A spreadsheet shows eleven digits before it begins to count them.
    is_plain(&whole) && is_plain(exponent) && exponent.parse().is_ok_and(|exponent: u32| (10..100).contains(&exponent))
}

/// What to say of a value that is GB18030 taken for UTF-8, as a short file of it can be: 元 is Ԫ then. Latin letters are left alone.
pub(super) fn of_another_encoding(value: &str) -> Option<Text> {
    // What cannot be seen is said to be that, and not written out.
    if unseen_in_lines(value).is_some() {
        return None;
    }
    let strange: String = value.chars().filter(|sign| ('\u{250}'..'\u{800}').contains(sign)).collect();
    let (meant, _, failed) = encoding_rs::GB18030.decode(strange.as_bytes());
    let is_one = !failed && !meant.is_empty() && meant.chars().all(|sign| ('\u{4E00}'..'\u{A000}').contains(&sign));
    is_one.then(|| {
        Text::made(
            format!("文件似为 GB18030 编码（“{strange}”应为“{meant}”），另存为 UTF-8"),
            format!("the file seems to be GB18030 (“{strange}” is “{meant}”); save it as UTF-8"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_a_section_is_known() {
        for title in ["一、柔性引进专家", "十二、其他", "（二）退休人员", "(三)", "第三批", "第一类人才"]
        {
            assert!(is_a_section(title), "{title}");
        }
        for other in ["一", "三河公司", "第一医院", "（甲）", "A1", "1、2", "十里铺", ""] {
            assert!(!is_a_section(other), "{other}");
        }
    }

    #[test]
    fn a_long_number_in_short_is_known() {
        for short in ["4.41802E+17", "4.41802e17", "6.217E+15", "6E+18", "1.23457E+11"] {
            assert!(is_shortened(short), "{short}");
        }
        for other in ["4.41802", "E17", "A1E10", "12E5", "1E", "4.4.1E+17", "441802199001011234", "2E101", ""] {
            assert!(!is_shortened(other), "{other}");
        }
    }

    #[test]
    fn gb18030_taken_for_utf_8_is_known() {
        // 元 is D4 AA, which UTF-8 reads as U+052A.
        assert!(of_another_encoding("800Ԫ/月").is_some_and(|said| said.zh.contains("“Ԫ”应为“元”")));
        for plain in ["800元/月", "", "§ 3", "José", "\u{61c}person"] {
            assert_eq!(of_another_encoding(plain).map(|said| said.zh.to_string()), None, "{plain}");
        }
    }
}
