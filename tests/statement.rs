//! The statement in a real browser: Chromium prints it on A4 and shows nothing but text, whatever stands in the files.
//! Where no Chromium is installed this is skipped, and says so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

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

/// Runs the browser on a page and gives what it writes to standard output.
fn browse(browser: &Path, folder: &Path, arguments: &[&str]) -> String {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let page = format!("file://{}", folder.join("statement.html").display());
    let always = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", profile.as_str()];
    let output = Command::new(browser).args(always).args(arguments).arg(page).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Another than the standard page size, in points.
fn media_boxes(pdf: &str) -> Vec<(i64, i64)> {
    let sizes = pdf.match_indices("/MediaBox [").map(|(at, head)| {
        let numbers = pdf.get(at + head.len()..).unwrap_or("").split(']').next().unwrap_or("");
        let numbers: Vec<f64> = numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        (numbers.get(2).map_or(0, |x| x.round() as i64), numbers.get(3).map_or(0, |y| y.round() as i64))
    });
    sizes.collect()
}

#[test]
fn a_browser_prints_the_statement_on_a4() {
    let Some(browser) = browser() else {
        // Past the capture of tests' output.
        let mut errors = std::io::stderr();
        writeln!(errors, "SKIPPED: no Chromium on this machine, the statement was not printed").unwrap();
        return;
    };
    let folder = std::env::temp_dir().join(format!("duixian-statement-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let hostile = "<script>document.title='taken'</script><img src=x onerror=\\\"document.title='taken'\\\">";
    let file = format!("[applicant]\nname = \"{hostile}\"\nkind = \"person\"\nas_of = 2025-06-15\n");
    fs::write(folder.join("hostile.toml"), file).unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/qingyuan/doctor-buys-first-home.toml");
    for lang in ["zh", "en"] {
        let sample = sample.display().to_string();
        let line =
            ["calc", sample.as_str(), "hostile.toml", "--policy", "qingyuan", "--format", "html", "--lang", lang];
        let outcome = program::run_in(&folder, &line, &mut std::io::empty());
        assert_eq!(outcome.errors, "");
        fs::write(folder.join("statement.html"), &outcome.output).unwrap();

        let document = browse(&browser, &folder, &["--dump-dom"]);
        let title = if lang == "zh" {
            "<title>政策兑现核定表</title>"
        } else {
            "<title>Statement of assessment</title>"
        };
        assert!(document.contains(title), "the name changed the page");
        assert!(document.contains("&lt;script&gt;document.title='taken'&lt;/script&gt;"));
        for element in ["<script", "<img", "<link", "<iframe"] {
            assert!(!document.contains(element), "{element}");
        }
        assert_eq!(document.matches("<article").count(), 2);

        let pdf = folder.join("statement.pdf");
        browse(&browser, &folder, &[&format!("--print-to-pdf={}", pdf.display())]);
        let pdf = String::from_utf8_lossy(&fs::read(pdf).unwrap()).into_owned();
        let sizes = media_boxes(&pdf);
        // Two statements of more than a page each.
        assert!(sizes.len() >= 4, "{sizes:?}");
        assert!(sizes.iter().all(|size| *size == (595, 842)), "not A4: {sizes:?}");

        let picture = folder.join("statement.png");
        browse(&browser, &folder, &["--window-size=900,1270", &format!("--screenshot={}", picture.display())]);
        let picture = fs::read(picture).unwrap();
        assert!(picture.starts_with(b"\x89PNG") && picture.len() > 20_000, "the picture is empty");
    }
    fs::remove_dir_all(&folder).unwrap();
}
