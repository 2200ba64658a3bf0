//! `filterExpression`: the part of the language of the site's pins that concerns single events.
//!
//! ```text
//! type = "death" and (target.name = "Zuri Emberlane" or not ability.id in (190311, 190312)) and amount >= 1000
//! ```
//!
//! Fields: `type`, `timestamp`, `fight`, `amount`, `overheal`, `hitType`, `stack`, `ability.id|name|type`, and of `source` and `target`
//! `.id`, `.name`, `.type` (`player`, `npc`, `pet`, `boss`), `.class`. What is compared with text ignores the case of letters. Words are
//! `and`, `or`, `not`, `in`; `IN RANGE … FROM … TO … END` and the like are not known. What cannot be read is ignored as a whole, as the
//! service does with filters it does not know.

use super::store::Event;
use crate::world::model::{Actor, Report};

/// A filter that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression(Node);

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Or(Vec<Self>),
    And(Vec<Self>),
    Not(Box<Self>),
    /// The field is one of these.
    In(Field, Vec<Operand>),
    Compare(Field, Comparison, f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Number(f64),
    /// In lower case.
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Type,
    Timestamp,
    Fight,
    /// A number of the event's JSON.
    Number(&'static str),
    AbilityId,
    AbilityName,
    AbilityType,
    Actor(End, Trait),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Source,
    Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trait {
    Id,
    Name,
    Kind,
    Class,
}

impl Expression {
    /// Reads an expression; `None` if it is not understood.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens };
        let node = parser.or()?;
        parser.tokens.is_empty().then_some(Self(node))
    }

    /// Whether the event fits.
    #[must_use]
    pub fn admits(&self, event: &Event<'_>, report: &Report) -> bool {
        self.0.admits(event, report)
    }
}

impl Node {
    fn admits(&self, event: &Event<'_>, report: &Report) -> bool {
        match self {
            Self::Or(nodes) => nodes.iter().any(|node| node.admits(event, report)),
            Self::And(nodes) => nodes.iter().all(|node| node.admits(event, report)),
            Self::Not(node) => !node.admits(event, report),
            Self::In(field, values) => values.iter().any(|value| field.is(event, report, value)),
            Self::Compare(field, comparison, bound) => {
                field.number(event).is_some_and(|value| comparison.holds(value as f64, *bound))
            }
        }
    }
}

impl Comparison {
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Less => value < bound,
            Self::LessOrEqual => value <= bound,
            Self::Greater => value > bound,
            Self::GreaterOrEqual => value >= bound,
        }
    }
}

impl Field {
    fn named(name: &str) -> Option<Self> {
        let actor = |end| {
            let of = match name.split_once('.')?.1 {
                "id" => Trait::Id,
                "name" => Trait::Name,
                "type" => Trait::Kind,
                "class" => Trait::Class,
                _ => return None,
            };
            Some(Self::Actor(end, of))
        };
        match name {
            "type" => Some(Self::Type),
            "timestamp" => Some(Self::Timestamp),
            "fight" => Some(Self::Fight),
            "amount" => Some(Self::Number("amount")),
            "overheal" => Some(Self::Number("overheal")),
            "hittype" => Some(Self::Number("hitType")),
            "stack" => Some(Self::Number("stack")),
            "ability.id" => Some(Self::AbilityId),
            "ability.name" => Some(Self::AbilityName),
            "ability.type" => Some(Self::AbilityType),
            _ if name.starts_with("source.") => actor(End::Source),
            _ if name.starts_with("target.") => actor(End::Target),
            _ => None,
        }
    }

    fn number(self, event: &Event<'_>) -> Option<i64> {
        match self {
            Self::Timestamp => Some(event.timestamp),
            Self::Fight => Some(event.fight),
            Self::Number(name) => event.number(name),
            Self::AbilityId => Some(event.ability),
            Self::Actor(End::Source, Trait::Id) => Some(event.source),
            Self::Actor(End::Target, Trait::Id) => Some(event.target),
            _ => None,
        }
    }

    fn is(self, event: &Event<'_>, report: &Report, value: &Operand) -> bool {
        let text = match value {
            Operand::Number(number) if self == Self::AbilityType => &number.to_string(),
            Operand::Number(number) => return self.number(event).is_some_and(|value| value as f64 == *number),
            Operand::Text(text) => text,
        };
        let is = |actual: &str| actual.to_lowercase() == *text;
        match self {
            Self::Type => is(event.kind.name()),
            Self::AbilityName => report.ability(event.ability).is_some_and(|ability| is(&ability.name)),
            Self::AbilityType => report.ability(event.ability).is_some_and(|ability| is(&ability.kind)),
            Self::Actor(end, of) => {
                let id = if end == End::Source { event.source } else { event.target };
                report.actor(id).is_some_and(|actor| of.is(actor, &is))
            }
            // A number in quotes.
            _ => self.number(event).is_some_and(|number| is(&number.to_string())),
        }
    }
}

impl Trait {
    fn is(self, actor: &Actor, is: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Id => is(&actor.id.to_string()),
            Self::Name => is(&actor.name),
            // A boss is an NPC, too.
            Self::Kind => is(&actor.kind) || (actor.kind == "NPC" && is(&actor.sub_type)),
            Self::Class => is(&actor.sub_type),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// In lower case.
    Word(String),
    Number(f64),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 9] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ","];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(sign), sign.len())
        } else if first == '"' || first == '\'' {
            let end = rest[1..].find(first)?;
            (Token::Text(rest[1..=end].to_lowercase()), end + 2)
        } else {
            let ends = |at: char| at.is_whitespace() || "=!<>(),\"'".contains(at);
            let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
            let token = word.parse().map_or_else(|_| Token::Word(word.to_lowercase()), Token::Number);
            (token, word.len())
        };
        // A sign that stands for nothing would be a word of no length.
        if length == 0 {
            return None;
        }
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

struct Parser<'t> {
    tokens: &'t [Token],
}

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn take(&mut self, token: &Token) -> bool {
        let there = self.tokens.first() == Some(token);
        if there {
            self.tokens = &self.tokens[1..];
        }
        there
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take(&Token::Word(word.to_owned()))
    }

    fn or(&mut self) -> Option<Node> {
        let mut nodes = vec![self.and()?];
        while self.take_word("or") {
            nodes.push(self.and()?);
        }
        Some(if nodes.len() == 1 { nodes.remove(0) } else { Node::Or(nodes) })
    }

    fn and(&mut self) -> Option<Node> {
        let mut nodes = vec![self.not()?];
        while self.take_word("and") {
            nodes.push(self.not()?);
        }
        Some(if nodes.len() == 1 { nodes.remove(0) } else { Node::And(nodes) })
    }

    fn not(&mut self) -> Option<Node> {
        if self.take_word("not") {
            return Some(Node::Not(Box::new(self.not()?)));
        }
        if self.take(&Token::Sign("(")) {
            let inner = self.or()?;
            return self.take(&Token::Sign(")")).then_some(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Node> {
        let Token::Word(name) = self.next()? else { return None };
        let field = Field::named(&name)?;
        if self.take_word("not") {
            return self.take_word("in").then(|| self.list(field)).flatten().map(|list| Node::Not(Box::new(list)));
        }
        if self.take_word("in") {
            return self.list(field);
        }
        let Token::Sign(sign) = self.next()? else { return None };
        let value = self.operand()?;
        let bound = match value {
            Operand::Number(number) => Some(number),
            Operand::Text(_) => None,
        };
        let compare = |comparison| Some(Node::Compare(field, comparison, bound?));
        match sign {
            "=" => Some(Node::In(field, vec![value])),
            "!=" => Some(Node::Not(Box::new(Node::In(field, vec![value])))),
            "<" => compare(Comparison::Less),
            "<=" => compare(Comparison::LessOrEqual),
            ">" => compare(Comparison::Greater),
            ">=" => compare(Comparison::GreaterOrEqual),
            _ => None,
        }
    }

    fn list(&mut self, field: Field) -> Option<Node> {
        if !self.take(&Token::Sign("(")) {
            return None;
        }
        let mut values = vec![self.operand()?];
        while self.take(&Token::Sign(",")) {
            values.push(self.operand()?);
        }
        self.take(&Token::Sign(")")).then_some(Node::In(field, values))
    }

    fn operand(&mut self) -> Option<Operand> {
        match self.next()? {
            Token::Number(number) => Some(Operand::Number(number)),
            Token::Text(text) => Some(Operand::Text(text)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Size, World, WorldConfig};

    #[test]
    fn what_is_not_understood_is_no_expression() {
        for text in
            ["", "type", "type =", "type = death", "colour = 3", "type = \"death", "(type = 'death'", "type = 'a' type = 'b'"]
        {
            assert_eq!(Expression::parse(text), None, "{text}");
        }
        assert!(Expression::parse("IN RANGE FROM type = \"cast\" TO type = \"death\" END").is_none());
    }

    #[test]
    fn expressions_pick_the_events_that_they_describe() {
        let world = World::generate(&WorldConfig { seed: 1, size: Size::Small }, 1_780_000_000_000);
        let report = &world.reports[0];
        let count = |text: &str| {
            let expression = Expression::parse(text).unwrap_or_else(|| panic!("{text}"));
            report.events().iter().filter(|event| expression.admits(event, report)).count()
        };
        let all = report.events().len();
        let deaths = report.events().iter().filter(|event| event.kind.name() == "death").count();
        assert!(deaths > 0);

        assert_eq!(count("type = \"death\""), deaths);
        assert_eq!(count("not TYPE = 'Death'"), all - deaths);
        assert_eq!(count("type != 'death' or type = 'death'"), all);
        assert_eq!(count("type in ('death', 'nothing') and fight >= 0"), deaths);
        assert_eq!(count("type = 'death' and type not in ('death')"), 0);
        let whips = count("ability.name = \"Molten Whip\"");
        assert!(whips > 0);
        assert_eq!((count("ability.id = 20805"), count("ability.type = 4 and ability.id = 20805")), (whips, whips));
        let by_players = count("type = 'damage' and source.type = 'player'");
        let by_bosses = count("type = 'damage' and source.type = 'boss' and target.id > 0");
        assert!(by_players > by_bosses && by_bosses > 0);
        let heavy = report.events().iter().filter(|event| event.amount() > 20_000).count();
        assert_eq!(count("amount > 20000"), heavy);
    }
}
