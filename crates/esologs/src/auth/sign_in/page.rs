//! What the browser shows when it has brought the answer.

/// A page, and the status that it comes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    SignedIn,
    Refused,
    /// The service did not give a token for the code.
    Failed,
    Foreign,
    NotHere,
    NotUnderstood,
}

impl Page {
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::SignedIn => ("200 OK", "You are signed in", "This window can be closed; the program goes on by itself."),
            Self::Refused => ("200 OK", "You are not signed in", "The service said no. The program tells what it said."),
            Self::Failed => ("200 OK", "You are not signed in", "The service gave no token. The program tells why."),
            Self::Foreign => (
                "400 Bad Request",
                "Not taken",
                "This answer does not belong to the sign-in that is waiting. Open the address that the program shows.",
            ),
            Self::NotHere => ("404 Not Found", "Not here", "Only the answer of a sign-in is waited for at this address."),
            Self::NotUnderstood => {
                ("400 Bad Request", "Not understood", "Only the answer of a sign-in is waited for at this address.")
            }
        }
    }

    /// The whole answer, with nothing in it that came with the request. It is not kept, and tells nobody where it was.
    pub(super) fn to_response(self) -> String {
        let (status, title, words) = self.words();
        let body = format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\n\
             <body><h1>{title}</h1><p>{words}</p></body></html>\n"
        );
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        )
    }
}
