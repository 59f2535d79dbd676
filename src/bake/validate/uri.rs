//! URIs of buffers and images (glTF 2.0, section 2.8).

/// A URI, sorted by what must be done with it.
#[derive(Debug, PartialEq)]
pub(super) enum Uri {
    /// `data:`: the media type in lower case and the bytes.
    Data(String, Vec<u8>),
    /// A path relative to the document, percent escapes undone.
    Relative(String),
    /// Somewhere else: `http://…`, `file:…`, `/…`.
    Elsewhere,
}

/// Reads a URI; the error says in a few words what is wrong with it.
pub(super) fn read(text: &str) -> Result<Uri, String> {
    if let Some((scheme, rest)) = text.split_once(':')
        && !scheme.contains(['/', '?', '#'])
    {
        if scheme.eq_ignore_ascii_case("data") {
            return data(rest);
        }
        return if is_scheme(scheme) {
            Ok(Uri::Elsewhere)
        } else {
            Err("the part before ':' is no scheme".to_owned())
        };
    }
    if text.starts_with('/') {
        return Ok(Uri::Elsewhere);
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let bytes = percent_decoded(path)?;
    String::from_utf8(bytes)
        .map(Uri::Relative)
        .map_err(|error| format!("the path is not UTF-8: {error}"))
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || "+-.".contains(each))
}

fn data(rest: &str) -> Result<Uri, String> {
    let Some((head, body)) = rest.split_once(',') else {
        return Err("a comma must part the media type from the data".to_owned());
    };
    let mut parts = head.split(';');
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    let mut is_base64 = false;
    for part in parts {
        if part == "base64" {
            is_base64 = true;
        } else if is_base64 || part.find('=').is_none_or(|at| at == 0) {
            return Err(format!(
                "'{}' is no parameter",
                part.chars().take(20).collect::<String>()
            ));
        }
    }
    let bytes = percent_decoded(body)?;
    if is_base64 {
        Ok(Uri::Data(media, base64(&bytes)?))
    } else {
        Ok(Uri::Data(media, bytes))
    }
}

fn percent_decoded(text: &str) -> Result<Vec<u8>, String> {
    if !text.contains('%') {
        return Ok(text.as_bytes().to_vec());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (digit(bytes.next()), digit(bytes.next())) {
            (Some(high), Some(low)) => out.push((high * 16 + low) as u8),
            _ => return Err("'%' must be followed by two hexadecimal digits".to_owned()),
        }
    }
    Ok(out)
}

/// RFC 4648, with the URL alphabet and missing padding allowed.
fn base64(text: &[u8]) -> Result<Vec<u8>, String> {
    let padding = text
        .iter()
        .rev()
        .take(2)
        .take_while(|byte| **byte == b'=')
        .count();
    let digits = &text[..text.len() - padding];
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 3);
    let (mut buffer, mut bits) = (0_u32, 0);
    for (at, byte) in digits.iter().enumerate() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return Err(format!("the base64 text is broken at character {at}")),
        };
        buffer = buffer << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
        }
    }
    if digits.len() % 4 == 1 || (padding > 0 && !(digits.len() + padding).is_multiple_of(4)) {
        return Err("the base64 text is cut short".to_owned());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_uris_are_decoded() {
        let read = |text| super::read(text).expect("the URI is sound");
        assert_eq!(
            read("data:Image/PNG;charset=x;base64,aGVsbG8="),
            Uri::Data("image/png".to_owned(), b"hello".to_vec()),
            "Base64 is undone."
        );
        assert_eq!(
            read("data:,a%20b"),
            Uri::Data(String::new(), b"a b".to_vec()),
            "Percent escapes are undone."
        );
        assert_eq!(
            read("cave%20walls/a.bin?x#y"),
            Uri::Relative("cave walls/a.bin".to_owned()),
            "A relative path loses its escapes and its query."
        );
        for text in [
            "http://example.com/a",
            "file:///etc/passwd",
            "/etc/passwd",
            "C:\\a.bin",
        ] {
            assert_eq!(read(text), Uri::Elsewhere, "{text} is not relative.");
        }
    }

    #[test]
    fn broken_uris_are_refused() {
        for text in [
            "data:",
            ":",
            "data:a;;base64,AA==",
            "data:;base64,`",
            "data:;base64,A",
            "a%2",
            "%ff",
        ] {
            assert!(super::read(text).is_err(), "{text} is no URI.");
        }
    }
}
