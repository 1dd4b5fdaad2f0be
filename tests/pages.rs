//! A book of policies in a real browser, at two widths: nothing is wider than the window, the search finds, and no text of a file
//! is an element or runs. Where no Chromium is installed this is skipped, and says so.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&path).flat_map(|folder| BROWSERS.map(|name| folder.join(name)));
    places.find(|place| place.is_file())
}

fn dom(browser: &Path, folder: &Path, page: &str, width: u32) -> String {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let page = format!("file://{}", folder.join(page).display());
    let size = format!("--window-size={width},1200");
    let always = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom"];
    let output = Command::new(browser).args(always).args([&profile, &size, &page]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const POLICY: &str = r#"[policy]
id        = "yunpu"
title     = { zh = "云浦市购房补助办法", en = "Yunpu: grant for a home" }
issuer    = { zh = "云浦市人民政府", en = "Yunpu City" }
status    = "in_force"
notes     = [{ zh = "<script>document.title='taken'</script>", en = "<img src=x onerror=\"document.title='taken'\">" }]

[applicants.person]
label = { zh = "个人", en = "Person" }

[facts.price]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "房价", en = "Price" }

[define]
a_rather_long_name_of_a_step_that_nobody_would_write_in_earnest_but_somebody_does = "price × 10%"

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "购房补助", en = "Grant for a home" }
for     = "person"
amount  = "a_rather_long_name_of_a_step_that_nobody_would_write_in_earnest_but_somebody_does"

[[clauses]]
id      = "2"
cite    = "第二条"
title   = { zh = "搬家补助", en = "Grant for moving" }
for     = "person"
amount  = "500元"
"#;

#[test]
fn pages_fit_two_widths_and_can_be_searched() {
    let Some(browser) = browser() else {
        // Past the capture of tests' output.
        let mut errors = std::io::stderr();
        writeln!(errors, "SKIPPED: no Chromium on this machine, the pages were not looked at").unwrap();
        return;
    };
    let folder = std::env::temp_dir().join(format!("duixian-pages-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("policy.toml"), POLICY).unwrap();
    for asked in ["policy.toml", "horinger"] {
        let ran = program::run_in(&folder, &["book", asked, "-o", "book"], &mut std::io::empty());
        assert_eq!(ran.errors, "");
    }
    // What the page measures of itself, and what its own search finds, is left in its title.
    let asked = |word: &str| {
        format!(
            "box.value = {word:?}; box.dispatchEvent(new Event(\"input\"));\n\
             const wide = document.documentElement.scrollWidth > window.innerWidth;\n\
             document.title += ` found ${{found.textContent}} wide ${{wide}}`;\n</script>"
        )
    };
    let pages = [
        ("index.html", "政策", ""),
        ("yunpu.html", "搬家", "found 1 / 6"),
        ("en/yunpu.html", "moving", "found 1 / 6"),
        ("horinger.html", "云谷人才卡", "found 4 / "),
    ];
    for (page, word, wanted) in pages {
        let text = fs::read_to_string(folder.join("book").join(page)).unwrap();
        for outside in ["http:", "https:", "<link", "<img", "src="] {
            let hit = text.replace("&lt;img src=x", "").contains(outside);
            assert!(!hit, "{page} leads out: {outside}");
        }
        assert_eq!(text.matches("<script").count(), 1, "{page}");
        fs::write(folder.join("page.html"), text.replace("</script>", &asked(word))).unwrap();
        for width in [500, 1280] {
            let document = dom(&browser, &folder, "page.html", width);
            let title = document.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap();
            assert!(!title.contains("taken"), "{page}: {title}");
            assert!(title.contains("wide false"), "{page} at {width}: {title}");
            assert!(title.contains(wanted), "{page} at {width}: {title}");
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}
