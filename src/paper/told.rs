//! What is told of a document beside its text: what was left out, and what was put in.

use crate::lang::Text;

/// How often something was met.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub insertions: usize,
    pub deletions: usize,
    pub hidden: usize,
    pub struck: usize,
    pub notes: usize,
    pub comments: usize,
    pub boxes: usize,
    pub pictures: usize,
    pub embedded: usize,
    pub numbered: usize,
    pub united: usize,
    pub unknown_numbers: Vec<String>,
    /// Navigation, fields and the like of a page.
    pub around: usize,
}

/// More names than these are not listed.
const MOST: usize = 5;

impl Told {
    pub fn texts(&self) -> Vec<Text> {
        let mut all = Vec::new();
        let mut say = |count: usize, zh: &str, en: &str| {
            if count > 0 {
                let (zh, en) = (zh.replace("{}", &count.to_string()), en.replace("{}", &count.to_string()));
                all.push(Text::made(zh, en));
            }
        };
        if self.insertions + self.deletions > 0 {
            let changes = format!("插入 {} 处、删除 {} 处", self.insertions, self.deletions);
            let changed = format!("insertions: {}, deletions: {}", self.insertions, self.deletions);
            say(
                1,
                &format!("有未接受的修订（{changes}），按全部接受后的文字读入；请核对是否为定稿"),
                &format!(
                    "tracked changes were read as if all were accepted ({changed}); see whether this is the final text"
                ),
            );
        }
        say(self.hidden, "有 {} 段隐藏文字，没有读入", "hidden text was not read; paragraphs with some: {}");
        say(
            self.struck,
            "有 {} 处带删除线的文字，仍作正文读入；已作废的请删去",
            "text that is struck through was read all the same; take out what is void: {}",
        );
        say(
            self.notes,
            "脚注、尾注 {} 条，附在所在段落之后（“注：”）",
            "footnotes stand below their paragraphs, behind 注：: {}",
        );
        say(self.comments, "批注 {} 条，没有读入", "comments were not read: {}");
        say(
            self.boxes,
            "文本框 {} 个，文字读在所在段落之前",
            "text boxes were read before the paragraphs that hold them: {}",
        );
        say(
            self.pictures,
            "图片或嵌入对象 {} 个，其中的文字没有读；有条文或标准的请补为文字",
            "what is written in pictures and embedded objects was not read: {}",
        );
        say(self.embedded, "另嵌有 {} 份文档，没有读入", "embedded documents were not read: {}");
        say(
            self.numbered,
            "有 {} 个编号由 Word 自动生成，已写在段首",
            "numbers that Word makes itself were written out: {}",
        );
        say(
            self.united,
            "有 {} 个数字取了表格列名中的单位",
            "numbers took the units in the heads of their columns: {}",
        );
        say(self.around, "页面的导航、按钮等 {} 处，没有读入", "navigation, buttons and the like were not read: {}");
        if !self.unknown_numbers.is_empty() {
            let named: Vec<&str> = self.unknown_numbers.iter().take(MOST).map(String::as_str).collect();
            let (zh, en) = (named.join("、"), named.join(", "));
            say(
                1,
                &format!("不认识的编号格式（{zh}），按阿拉伯数字写出"),
                &format!("forms of numbers that are not known here ({en}) were written in digits"),
            );
        }
        all
    }
}
