//! JSON as Python objects: read without the interpreter's lock, and made into objects with it.

mod tape;

use std::fmt;

use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

pub(crate) use tape::Tape;
use tape::{Piece, Token};

/// Reads JSON as `json.loads` does: dicts, lists, str, int, float, bool and None.
#[pyfunction]
pub(crate) fn loads(py: Python<'_>, text: &[u8]) -> PyResult<Py<PyAny>> {
    let text = std::str::from_utf8(text).map_err(refuse)?;
    // Where it is short, giving the lock away takes longer than reading.
    let tape = if text.len() < SHORT { Tape::read(text) } else { py.detach(|| Tape::read(text)) };
    objects(py, &tape.map_err(refuse)?, text)
}

/// Below this, in bytes, reading takes some microseconds.
pub(crate) const SHORT: usize = 4096;

/// What was read from this text, as objects.
pub(crate) fn objects(py: Python<'_>, tape: &Tape, text: &str) -> PyResult<Py<PyAny>> {
    let pieces = vec![None; tape.pieces.len()];
    Maker { py, tape, text, pieces, next: 0 }.value().map(Bound::unbind)
}

fn refuse(error: impl fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Makes one value after the other, in the order of the text.
struct Maker<'a, 'py> {
    py: Python<'py>,
    tape: &'a Tape,
    text: &'a str,
    /// Those that were made already: names, and short texts that come again and again.
    pieces: Vec<Option<Bound<'py, PyString>>>,
    next: usize,
}

impl<'py> Maker<'_, 'py> {
    fn value(&mut self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        match self.token()? {
            Token::Null => Ok(py.None().into_bound(py)),
            Token::Bool(value) => value.into_bound_py_any(py),
            Token::Signed(value) => value.into_bound_py_any(py),
            Token::Unsigned(value) => value.into_bound_py_any(py),
            Token::Float(value) => value.into_bound_py_any(py),
            Token::Known(number) => Ok(self.piece(number, false).into_any()),
            Token::Text(piece) => Ok(self.string(piece).into_any()),
            Token::List(length) => {
                let list = PyList::empty(py);
                for _ in 0..length {
                    list.append(self.value()?)?;
                }
                Ok(list.into_any())
            }
            Token::Object(length) => {
                let dict = PyDict::new(py);
                for _ in 0..length {
                    let name = self.name()?;
                    dict.set_item(name, self.value()?)?;
                }
                Ok(dict.into_any())
            }
        }
    }

    fn name(&mut self) -> PyResult<Bound<'py, PyString>> {
        match self.token()? {
            Token::Known(number) => Ok(self.piece(number, true)),
            Token::Text(piece) => Ok(self.string(piece)),
            _ => Err(refuse("a field without a name")),
        }
    }

    fn token(&mut self) -> PyResult<Token> {
        let token = self.tape.tokens.get(self.next).copied().ok_or_else(|| refuse("it ends early"))?;
        self.next += 1;
        Ok(token)
    }

    /// Names are shared with those of the program, which finds them faster so.
    fn piece(&mut self, number: u32, is_name: bool) -> Bound<'py, PyString> {
        let number = number as usize;
        if let Some(made) = &self.pieces[number] {
            return made.clone();
        }
        let text = self.tape.text(self.tape.pieces[number], self.text);
        let made = if is_name { PyString::intern(self.py, text) } else { PyString::new(self.py, text) };
        self.pieces[number] = Some(made.clone());
        made
    }

    fn string(&self, piece: Piece) -> Bound<'py, PyString> {
        PyString::new(self.py, self.tape.text(piece, self.text))
    }
}
