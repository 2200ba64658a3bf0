//! A report as people give it: its code, or the address of its page, with a fight or without.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::api::{Fight, Report};
use crate::config::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::ids::{FightId, ReportCode};

/// A report, and one fight of it where one was named: what stands behind
/// `https://www.esologs.com/reports/xb7TKHXR8DJByp4Q?fight=17`, or behind a bare code.
///
/// ```
/// use esologs::{FightChoice, FightId, ReportRef};
///
/// # fn example() -> Result<(), esologs::Error> {
/// let report: ReportRef = "https://www.esologs.com/reports/xb7TKHXR8DJByp4Q?fight=17&type=damage-done".parse()?;
/// assert_eq!(report.code().as_str(), "xb7TKHXR8DJByp4Q");
/// assert_eq!(report.fight(), Some(FightChoice::Number(FightId::new(17))));
///
/// let bare: ReportRef = "a:xb7TKHXR8DJByp4Q".parse()?;
/// assert_eq!(bare.fight(), None);
/// # Ok(())
/// # }
/// # example().unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReportRef {
    code: ReportCode,
    fight: Option<FightChoice>,
}

/// Which fight of a report an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FightChoice {
    /// The one with this number.
    Number(FightId),
    /// The last one there is when somebody looks (`fight=last`).
    Last,
}

impl fmt::Display for FightChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(id) => id.fmt(f),
            Self::Last => f.write_str("last"),
        }
    }
}

/// Longer texts are not looked into.
const LONGEST_ADDRESS: usize = 2048;

impl ReportRef {
    /// Reads a code, or the address of a report on the site that this endpoint belongs to, in any of its languages. What people
    /// copy along is passed over: blanks, brackets, quotes, a full stop, the rest of the address.
    ///
    /// An endpoint on this machine stands for the official site. The sister sites (warcraftlogs.com, fflogs.com,
    /// swtorlogs.com) use the same addresses; with an endpoint there, theirs are read. That is untested.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where it is neither, where the address is another site's (a code exists only on its own) or no
    /// report's, or where the fight is neither a number nor `last`.
    pub fn on(endpoint: &Endpoint, text: &str) -> Result<Self, Error> {
        let trimmed = without_wrapping(text);
        if let Some(code) = ReportCode::bare(trimmed) {
            return Ok(Self { code, fight: None });
        }
        let url = address(trimmed, endpoint).ok_or_else(|| ReportCode::refused(text))?;
        same_site(&url, endpoint)?;
        let code = code_in(&url)
            .ok_or_else(|| usage(format!("'{}' is not the address of a report: expected …/reports/ and its code", url.path())))?;
        Ok(Self { code, fight: fight_in(&url)? })
    }

    /// The report's code.
    #[must_use]
    pub fn code(&self) -> &ReportCode {
        &self.code
    }

    /// The fight, where one was named.
    #[must_use]
    pub fn fight(&self) -> Option<FightChoice> {
        self.fight
    }

    /// The fight that was named, out of the report's; `None` where none was.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where the report has no such fight.
    pub fn fight_of<'a>(&self, report: &'a Report) -> Result<Option<&'a Fight>, Error> {
        let Some(choice) = self.fight else { return Ok(None) };
        let fights = report.fights.as_deref().unwrap_or_default();
        let found = match choice {
            FightChoice::Number(id) => fights.iter().find(|fight| fight.id == id),
            FightChoice::Last => fights.last(),
        };
        found.map(Some).ok_or_else(|| match choice {
            FightChoice::Number(id) => usage(format!("report {} has no fight {id}; it has {}", self.code, fights.len())),
            FightChoice::Last => usage(format!("report {} has no fights", self.code)),
        })
    }
}

impl FromStr for ReportRef {
    type Err = Error;

    /// Reads it as one of the official site.
    ///
    /// # Errors
    /// Those of [`ReportRef::on`].
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::on(&Endpoint::default(), text)
    }
}

impl From<ReportCode> for ReportRef {
    fn from(code: ReportCode) -> Self {
        Self { code, fight: None }
    }
}

impl From<ReportRef> for ReportCode {
    fn from(report: ReportRef) -> Self {
        report.code
    }
}

fn usage(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Usage, message)
}

/// The text without what stands around an address in a sentence, a chat or a table.
fn without_wrapping(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || "<>()[]{}\"'`.,;!|*".contains(c))
}

/// The text as an address, where it looks like one; scheme and host may be left out.
fn address(text: &str, endpoint: &Endpoint) -> Option<Url> {
    if text.len() > LONGEST_ADDRESS {
        return None;
    }
    let url = if text.contains("://") {
        Url::parse(text).ok()?
    } else if let Some(path) = text.strip_prefix('/').or(Some(text)).filter(|path| path.starts_with("reports/")) {
        Url::parse(&format!("https://{}/{path}", endpoint.address().0)).ok()?
    } else {
        let (host, _) = text.split_once('/')?;
        host.contains('.').then(|| Url::parse(&format!("https://{text}")).ok())??
    };
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then_some(url)
}

/// The code behind `reports` in the path, up to the first character that is in none.
fn code_in(url: &Url) -> Option<ReportCode> {
    let segment = url.path_segments()?.skip_while(|segment| *segment != "reports").nth(1)?;
    let segment = segment.replace("%3A", ":").replace("%3a", ":");
    let letters = segment.strip_prefix("a:").unwrap_or(&segment);
    let end = letters.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(letters.len());
    ReportCode::bare(&segment[..segment.len() - letters.len() + end])
}

/// `fight` of the query (`?fight=17`) or of the fragment (`#fight=last`).
fn fight_in(url: &Url) -> Result<Option<FightChoice>, Error> {
    let parts = [url.query(), url.fragment()].into_iter().flatten().flat_map(|part| part.split(['&', '?', '#']));
    let value = parts.filter_map(|part| part.strip_prefix("fight=")).find(|value| !value.is_empty());
    let Some(value) = value else { return Ok(None) };
    let end = value.find(|c: char| !(c.is_alphanumeric() || "-,.+".contains(c))).unwrap_or(value.len());
    match value[..end].trim_end_matches(['.', ',']) {
        "last" => Ok(Some(FightChoice::Last)),
        number => number.parse().map(|id| Some(FightChoice::Number(id))).map_err(|_: Error| {
            usage(format!(
                "fight '{}' of the address is neither a number nor 'last'",
                number.chars().take(40).collect::<String>()
            ))
        }),
    }
}

/// The sites of the family, and whose they are.
const SITES: [(&str, &str); 4] = [
    ("esologs.com", "The Elder Scrolls Online"),
    ("warcraftlogs.com", "World of Warcraft"),
    ("fflogs.com", "Final Fantasy XIV"),
    ("swtorlogs.com", "Star Wars: The Old Republic"),
];

/// A site of the family that a host belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Site<'a> {
    domain: &'static str,
    game: &'static str,
    /// `classic` and the like have reports of their own; the languages of a site share theirs.
    part: &'a str,
}

impl<'a> Site<'a> {
    fn of(host: &'a str) -> Option<Self> {
        SITES.iter().find_map(|(domain, game)| {
            let before = host.strip_suffix(domain)?;
            let part = if before.is_empty() { "www" } else { before.strip_suffix('.')? };
            let is_language = part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase());
            // China's is a site of its own.
            let is_apart = (*domain, part) == ("warcraftlogs.com", "cn");
            Some(Self { domain, game, part: if is_language && !is_apart { "www" } else { part } })
        })
    }
}

/// A code exists only on its own site.
fn same_site(url: &Url, endpoint: &Endpoint) -> Result<(), Error> {
    let host = url.host_str().unwrap_or_default();
    let (own, _) = endpoint.address();
    let site = Site::of(host);
    let expected = if endpoint.is_loopback() { Site::of("www.esologs.com") } else { Site::of(&own) };
    if host == own || (site.is_some() && site == expected) {
        return Ok(());
    }
    let whose = match site {
        Some(site) if expected.is_some_and(|expected| expected.domain == site.domain) => {
            format!("{host} is a part of {} with reports of its own", site.domain)
        }
        Some(site) => format!("this is a report of {} ({})", site.domain, site.game),
        None => format!("{host} is not a site of this service"),
    };
    let message = format!("{whose}, and this client asks {}: a report's code exists only on its own site", endpoint.host());
    Err(usage(message).with_hint("another site of the family can be named as the endpoint (base URL); that is untested"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODE: &str = "xb7TKHXR8DJByp4Q";

    fn read(text: &str) -> (String, Option<String>) {
        let report: ReportRef = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        (report.code().to_string(), report.fight().map(|fight| fight.to_string()))
    }

    fn refused(text: &str) -> String {
        let error = text.parse::<ReportRef>().expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Usage);
        error.to_string()
    }

    #[test]
    fn a_code_is_read_in_every_form_that_people_copy() {
        for text in [
            "xb7TKHXR8DJByp4Q",
            "  xb7TKHXR8DJByp4Q\n",
            "`xb7TKHXR8DJByp4Q`,",
            "https://www.esologs.com/reports/xb7TKHXR8DJByp4Q",
            "https://www.esologs.com/reports/xb7TKHXR8DJByp4Q/",
            "http://esologs.com/reports/xb7TKHXR8DJByp4Q",
            "www.esologs.com/reports/xb7TKHXR8DJByp4Q",
            "esologs.com/reports/xb7TKHXR8DJByp4Q",
            "/reports/xb7TKHXR8DJByp4Q",
            "reports/xb7TKHXR8DJByp4Q",
            "https://de.esologs.com/reports/xb7TKHXR8DJByp4Q",
            "https://WWW.ESOLOGS.COM/reports/xb7TKHXR8DJByp4Q",
            "<https://www.esologs.com/reports/xb7TKHXR8DJByp4Q>",
            "(https://www.esologs.com/reports/xb7TKHXR8DJByp4Q).",
            "https://www.esologs.com/reports/xb7TKHXR8DJByp4Q&type=healing",
            "https://www.esologs.com/reports/xb7TKHXR8DJByp4Q?type=healing&source=3",
            "https://www.esologs.com/reports/xb7TKHXR8DJByp4Q?fight=",
        ] {
            assert_eq!(read(text), (CODE.to_owned(), None), "{text}");
        }
    }

    #[test]
    fn the_fight_is_read_from_query_and_fragment() {
        for (rest, fight) in [
            ("?fight=17", "17"),
            ("?type=damage-done&fight=17", "17"),
            ("?fight=17&type=damage-done", "17"),
            ("#fight=17", "17"),
            ("#fight=last", "last"),
            ("?fight=last&type=summary", "last"),
            ("/?fight=17).", "17"),
            ("?fight=17#boss", "17"),
            ("#type=healing&fight=3", "3"),
        ] {
            let text = format!("https://www.esologs.com/reports/{CODE}{rest}");
            assert_eq!(read(&text), (CODE.to_owned(), Some(fight.to_owned())), "{text}");
        }
    }

    #[test]
    fn an_anonymous_code_keeps_its_mark() {
        for text in [
            "a:xb7TKHXR8DJByp4Q",
            "https://www.esologs.com/reports/a:xb7TKHXR8DJByp4Q",
            "https://www.esologs.com/reports/a%3Axb7TKHXR8DJByp4Q?fight=2",
        ] {
            assert_eq!(read(text).0, "a:xb7TKHXR8DJByp4Q", "{text}");
        }
    }

    #[test]
    fn the_address_of_a_sister_site_is_refused_by_its_name() {
        let message = refused("https://www.warcraftlogs.com/reports/xb7TKHXR8DJByp4Q");
        assert_eq!(
            message,
            "this is a report of warcraftlogs.com (World of Warcraft), and this client asks www.esologs.com: a report's code \
             exists only on its own site"
        );
        assert!(refused("https://de.fflogs.com/reports/xb7TKHXR8DJByp4Q").contains("fflogs.com (Final Fantasy XIV)"));
    }

    #[test]
    fn another_host_is_refused_whatever_it_looks_like() {
        for host in ["example.org", "esologs.com.example.org", "notesologs.com", "www.esologs.com@example.org", "127.0.0.1:8787"]
        {
            let message = refused(&format!("https://{host}/reports/xb7TKHXR8DJByp4Q"));
            assert!(message.contains("is not a site of this service"), "{host}: {message}");
        }
        let message = refused("https://me:hunter2@example.org/reports/xb7TKHXR8DJByp4Q");
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn the_site_is_the_endpoints() {
        let read_on =
            |base: &str, text: &str| ReportRef::on(&Endpoint::new(base).unwrap(), text).map(|report| report.code.to_string());
        let of = |host: &str| format!("https://{host}/reports/{CODE}");

        assert_eq!(read_on("https://www.warcraftlogs.com", &of("ko.warcraftlogs.com")).unwrap(), CODE);
        assert_eq!(read_on("https://classic.warcraftlogs.com", &of("classic.warcraftlogs.com")).unwrap(), CODE);
        for (base, host) in [
            ("https://www.warcraftlogs.com", "classic.warcraftlogs.com"),
            ("https://www.warcraftlogs.com", "cn.warcraftlogs.com"),
        ] {
            let message = read_on(base, &of(host)).unwrap_err().to_string();
            assert!(message.contains(&format!("{host} is a part of warcraftlogs.com with reports of its own")), "{message}");
        }
        assert!(read_on("https://www.warcraftlogs.com", &of("www.esologs.com")).is_err());
        assert_eq!(read_on("https://proxy.example.org/eso", &of("proxy.example.org")).unwrap(), CODE);
        // A simulator stands for the official site, and has addresses of its own.
        assert_eq!(read_on("http://127.0.0.1:8787", &of("www.esologs.com")).unwrap(), CODE);
        assert_eq!(read_on("http://127.0.0.1:8787", "http://127.0.0.1:8787/reports/xb7TKHXR8DJByp4Q").unwrap(), CODE);
    }

    #[test]
    fn what_is_neither_is_told_with_what_was_expected() {
        for text in
            ["", "Tuesday raid", "short", "../../etc/passwd", "https://", "ftp://www.esologs.com/reports/xb7TKHXR8DJByp4Q"]
        {
            assert!(refused(text).contains("is not a report code: expected letters and digits"), "{text}");
        }
        assert!(refused("https://www.esologs.com/guild/id/3468").contains("'/guild/id/3468' is not the address of a report"));
        assert!(refused("https://www.esologs.com/reports/").contains("is not the address of a report"));
        let message = refused("https://www.esologs.com/reports/xb7TKHXR8DJByp4Q?fight=first");
        assert_eq!(message, "fight 'first' of the address is neither a number nor 'last'");
        for fight in ["0", "-3", "1-4", "1,4", "99999999999999999999"] {
            assert!(
                refused(&format!("https://www.esologs.com/reports/{CODE}?fight={fight}")).contains("neither a number"),
                "{fight}"
            );
        }
        assert!(
            refused(&format!("https://www.esologs.com/reports/{CODE}?{}", "x".repeat(4000))).len() < 400,
            "nobody wants to read it"
        );
    }

    #[test]
    fn a_code_is_read_from_an_address_wherever_codes_are_read() {
        let code: ReportCode = "https://www.esologs.com/reports/xb7TKHXR8DJByp4Q?fight=17".parse().unwrap();
        assert_eq!(code.as_str(), CODE);
    }

    #[test]
    fn the_fight_is_found_in_the_report() {
        let report: Report = serde_json::from_str(&format!(r#"{{"code":"{CODE}","fights":[{{"id":2}},{{"id":5}}]}}"#)).unwrap();
        let fight = |rest: &str| {
            let named: ReportRef = format!("https://www.esologs.com/reports/{CODE}{rest}").parse().unwrap();
            named.fight_of(&report).map(|fight| fight.map(|fight| fight.id.get()))
        };
        assert_eq!(fight("").unwrap(), None);
        assert_eq!(fight("?fight=2").unwrap(), Some(2));
        assert_eq!(fight("#fight=last").unwrap(), Some(5));
        assert!(fight("?fight=3").unwrap_err().to_string().contains("has no fight 3"));
    }

    proptest! {
        #[test]
        fn whatever_text_comes_what_is_read_is_a_code(text in prop_oneof![".*", "https://(www\\.)?esologs.com/reports/.{0,40}", "[a-z:/?#&=%.]{0,60}"]) {
            if let Ok(report) = text.parse::<ReportRef>() {
                prop_assert_eq!(ReportCode::bare(report.code().as_str()), Some(report.code().clone()));
            }
        }
    }
}
