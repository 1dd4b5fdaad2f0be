//! Documents made here, part by part, and what is to be read out of them.

use std::io::Write as _;

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

const MAIN: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Type="http://x/styles" Target="styles.xml"/><Relationship Id="b"
    Type="http://x/numbering" Target="/word/numbering.xml"/><Relationship Id="c" Type="http://x/footnotes" Target="footnotes.xml"/></Relationships>"#;
const STYLES: &str = r#"<w:styles><w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>
    <w:style w:type="paragraph" w:styleId="Item"><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
    <w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;
/// List 1: 第一条, under it （一）, under that 1. List 2 is the same list begun anew at 1. below.
const NUMBERING: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="7">
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="space"/><w:lvlText w:val="第%1条"/></w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="Item"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
    <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
    <w:lvl w:ilvl="3"><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%4"/></w:lvl></w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
    <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="2"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>"#;
const FOOTNOTES: &str = r#"<w:footnotes><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>线</w:t></w:r></w:p></w:footnote>
    <w:footnote w:id="2"><w:p><w:r><w:t>税前，最高</w:t></w:r></w:p><w:p><w:r><w:t>9万元。</w:t></w:r></w:p></w:footnote></w:footnotes>"#;

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn document(body: &str) -> Vec<u8> {
    let body = format!("<?xml version=\"1.0\"?><w:document><w:body>{body}</w:body></w:document>");
    packed(&[
        ("_rels/.rels", MAIN),
        ("word/_rels/document.xml.rels", RELATIONS),
        ("word/styles.xml", STYLES),
        ("word/numbering.xml", NUMBERING),
        ("word/footnotes.xml", FOOTNOTES),
        ("word/document.xml", &body),
    ])
}

fn read_out(body: &str) -> (Vec<String>, String) {
    let (text, told) = read(&document(body)).unwrap();
    let told: Vec<String> = told.into_iter().map(|text| text.zh.to_string()).collect();
    (text.lines().map(str::to_owned).collect(), told.join("|"))
}

/// A paragraph of a list and level.
fn item(list: u32, level: u32, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
    )
}

fn plain(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

#[test]
fn numbers_that_word_makes_itself() {
    let body = [
        item(1, 0, "甲"),
        item(1, 1, "子"),
        item(1, 2, "丑"),
        item(1, 2, "寅"),
        // Below the next article the lower levels begin anew.
        item(1, 0, "乙"),
        item(1, 1, "子"),
        item(1, 2, "丑"),
        // The same list, begun anew at 5, once.
        item(2, 2, "卯"),
        item(2, 2, "辰"),
        plain("无号"),
        item(1, 0, "丙"),
        item(1, 3, "丁"),
        // The style numbers it; number 0 takes one out.
        r#"<w:p><w:pPr><w:pStyle w:val="Item"/></w:pPr><w:r><w:t>戊</w:t></w:r></w:p>"#.to_owned(),
        r#"<w:p><w:pPr><w:pStyle w:val="Item"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>己</w:t></w:r></w:p>"#.to_owned(),
    ];
    let wanted = [
        "第一条 甲",
        "（一）子",
        "1. 丑",
        "2. 寅",
        "第二条 乙",
        "（一）子",
        "1. 丑",
        "5. 卯",
        "6. 辰",
        "无号",
        "第三条 丙",
        "3.1 丁",
        "（一）戊",
        "己",
    ];
    let (lines, told) = read_out(&body.concat());
    assert_eq!(lines, wanted);
    assert_eq!(told, "有 12 个编号由 Word 自动生成，已写在段首");
}

#[test]
fn changes_are_taken_as_accepted_and_told() {
    let body = r#"<w:p><w:r><w:t>第一条 给予</w:t></w:r><w:del w:id="1"><w:r><w:delText>3万元</w:delText></w:r></w:del>
        <w:ins w:id="2"><w:r><w:t>5万元</w:t></w:r></w:ins><w:r><w:t>。</w:t></w:r></w:p>
        <w:p><w:pPr><w:rPr><w:del w:id="3"/></w:rPr></w:pPr><w:r><w:t>上</w:t></w:r></w:p><w:p><w:r><w:t>下</w:t></w:r></w:p>
        <w:p><w:moveFrom><w:r><w:t>走了</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>来了</w:t></w:r></w:moveTo></w:p>
        <w:p><w:pPr><w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange></w:pPr><w:r><w:t>无号</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>类别</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>标准</w:t></w:r></w:p></w:tc></w:tr>
        <w:tr><w:trPr><w:del w:id="4"/></w:trPr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>
        <w:tr><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2万元</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"#;
    let (lines, told) = read_out(body);
    assert_eq!(lines, ["第一条 给予5万元。", "上下", "来了", "无号", "类别：乙；标准：2万元"]);
    assert_eq!(told, "有未接受的修订（插入 2 处、删除 4 处），按全部接受后的文字读入；请核对是否为定稿");
}

#[test]
fn what_is_hidden_noted_or_boxed() {
    let body = r#"<w:p><w:r><w:t>第一条 &lt;补贴&gt; A&amp;B</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr><w:rStyle w:val="Gone"/></w:rPr><w:t>藏</w:t></w:r>
        <w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>见</w:t><w:br/><w:t>见二</w:t></w:r></w:p>
        <w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>
        <mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent><w:t>外</w:t></w:r></w:p>
        <w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>划</w:t></w:r></w:p>"#;
    let (lines, told) = read_out(body);
    assert_eq!(lines, ["第一条 <补贴> A&B", "注：税前，最高 9万元。", "见", "见二", "框", "外", "7划"]);
    let wanted = ["1 段隐藏文字", "1 处带删除线", "脚注、尾注 1 条", "文本框 1 个"];
    assert!(wanted.iter().all(|wanted| told.contains(wanted)), "{told}");
}

#[test]
fn tables_keep_figures_and_heads() {
    let cell = |inner: &str, text: &str| format!("<w:tc><w:tcPr>{inner}</w:tcPr>{}</w:tc>", plain(text));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let table = [
        row(&[cell("", "等级"), cell(r#"<w:gridSpan w:val="2"/>"#, "标准（万元）")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "全职"), cell("", "兼职")]),
        row(&[cell(r#"<w:vMerge w:val="restart"/>"#, "博士"), cell("", "20"), cell("", "8")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "15"), cell("", "每年3万元")]),
    ];
    // The heads' first column goes over both rows of heads.
    let table = format!("<w:tbl>{}</w:tbl>", table.concat()).replacen(
        "<w:tcPr></w:tcPr>",
        r#"<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>"#,
        1,
    );
    let (lines, told) = read_out(&format!("{}{table}", plain("第一条 标准如下：")));
    assert_eq!(
        lines,
        [
            "第一条 标准如下：",
            "等级：博士；标准（万元）·全职：20万元；标准（万元）·兼职：8万元",
            "等级：博士；标准（万元）·全职：15万元；标准（万元）·兼职：每年3万元",
        ]
    );
    assert!(told.contains("3 个数字取了表格列名中的单位"), "{told}");
}

#[test]
fn what_is_no_document_says_what_it_is() {
    let reason = |parts: &[(&str, &str)]| read(&packed(parts)).unwrap_err().zh.to_string();
    assert!(reason(&[("xl/workbook.xml", "<a/>")]).contains("工作簿"));
    assert!(reason(&[("content.xml", "<a/>")]).contains("ODT"));
    assert!(reason(&[("a.txt", "甲")]).contains("压缩包"));
    assert!(reason(&[("_rels/.rels", MAIN)]).contains("损坏"));
    assert!(read(b"PK\x03\x04 nothing else").unwrap_err().zh.contains("损坏"));
    let cut = document(&plain("甲"));
    assert!(read(cut.get(..cut.len() / 2).unwrap()).is_err());
}

#[test]
fn nothing_unpacks_without_end() {
    // 2 MiB of blanks in 2 KiB, and a table in a table without end.
    assert!(read(&document(&" ".repeat(2 << 20))).is_err());
    assert!(read(&document(&"<w:tbl><w:tr><w:tc>".repeat(1 << 15))).is_err());
    assert!(read(&document(&"<w:p>".repeat(1 << 16))).is_ok());
    let wide = r#"<w:tr><w:tc><w:tcPr><w:gridSpan w:val="4000000000"/></w:tcPr></w:tc></w:tr>"#;
    assert!(read(&document(&format!("<w:tbl>{}</w:tbl>", wide.repeat(1 << 12)))).is_ok());
}
