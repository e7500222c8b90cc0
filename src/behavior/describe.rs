//! Checks and effects in a sentence, for explanations in headers, the journal and on the terminal.

use super::collection::{Lines, LinesFrom};
use super::notices::To;
use super::{Action, Amount, Bounded, Demand, Form, Input, Named, NumberOf, Pause, Prior, PutOff};
use super::{CaseOf, Goes};

/// Of inputs of which one at least has to be there.
fn none_of(names: &[String]) -> String {
    match names {
        [first, second] => format!("neither {first} nor {second} is there"),
        _ => format!("none of {} is there", names.join(", ")),
    }
}

impl Pause {
    fn refusal(self) -> String {
        match self {
            Self::Span(span) => format!("it was done to the record less than {} s ago", span / 1000),
            Self::Day => "it was done to the record today".to_owned(),
            Self::Ever => "it was done to the record before".to_owned(),
        }
    }
}

impl Demand {
    /// What is wrong when the demand is not met, in words about this endpoint's inputs.
    pub fn refusal(&self, inputs: &[Input]) -> String {
        let name = |input: &usize| format!("`{}`", inputs[*input].name);
        match self {
            Self::Token => "no live token is sent".to_owned(),
            Self::TokenFresh => "the token's time is over".to_owned(),
            Self::AccountKept => "the token's account is deleted".to_owned(),
            Self::Present(input) => format!("{} is missing", name(input)),
            Self::PresentSome(inputs) => none_of(&inputs.iter().map(name).collect::<Vec<_>>()),
            Self::WellFormed(input) => {
                let forms: Vec<String> = inputs[*input].rules.iter().map(|rule| rule.form.to_string()).collect();
                format!("{} is not {}", name(input), forms.join(" and "))
            }
            Self::Equal(first, second) => format!("{} and {} differ", name(first), name(second)),
            Self::InOrder { first, second, strict: false } => format!("{} is before {}", name(second), name(first)),
            Self::InOrder { first, second, .. } => format!("{} is not after {}", name(second), name(first)),
            Self::IdentityFree(input) => format!("{} has an account already", name(input)),
            Self::FieldFree { input, .. } => format!("another account has this {}", name(input)),
            Self::AccountFound(input) => format!("{} names no account that there is", name(input)),
            Self::NotOneself(input) => format!("{} is the caller's own", name(input)),
            Self::Owned { id, .. } => format!("the record that {} names is another's", name(&id.input)),
            Self::Welcome { input, of: None, .. } => format!("whom {} names has shut out the caller", name(input)),
            Self::Welcome { input, .. } => format!("whose {} is has shut out the caller", name(input)),
            Self::NotOwn { id, .. } => format!("what {} names is the caller's own", name(&id.input)),
            Self::Prior(Prior::Field(field)) => format!("the caller's `{field}` is not set"),
            Self::Prior(Prior::Verified) => "the caller has not verified who they are".to_owned(),
            Self::Prior(Prior::Holds(_, input)) => format!("the caller has not paid for what {} names", name(input)),
            Self::Prior(Prior::Some(_)) => "the caller has none of what is needed first".to_owned(),
            Self::IdentityKnown(input) | Self::Known(input) => format!("{} has no account", name(input)),
            Self::Passcode { passcode, .. } => {
                format!("{} is not the newest passcode sent, or is spent", name(passcode))
            }
            Self::PasscodeFresh { passcode, .. } => format!("{} has expired", name(passcode)),
            Self::Password { password, .. } => format!("{} is not the account's password", name(password)),
            Self::Usable { .. } => "the account is frozen or deleted".to_owned(),
            Self::PasswordNew { password, .. } => format!("{} is the old password", name(password)),
            Self::CardValid(input) => format!("{} has no real birth date or a wrong check digit", name(input)),
            Self::CardFree(input) => {
                format!("{} is another's card, or the account is verified with another", name(input))
            }
            Self::Submitted => "nothing has been verified or uploaded yet".to_owned(),
            Self::NotPending => "what was sent before is under review".to_owned(),
            Self::Unverified => "the caller is verified already".to_owned(),
            Self::NotRejected => "the review was refused".to_owned(),
            Self::SendInterval { .. } => "the last passcode was sent a moment ago".to_owned(),
            Self::SendCap { most, .. } => format!("{most} passcodes were sent today already"),
            Self::Unlocked { .. } => "too many wrong passwords were sent for the account".to_owned(),
            Self::PasscodeTries { most, .. } => format!("the passcode was wrong {most} times"),
            Self::Changed => "nothing would change".to_owned(),
            Self::Found { id, write: true, .. } => {
                format!("{} names no record that the caller may change", name(&id.input))
            }
            Self::Found { id, .. } => format!("{} names no record that the caller may see", name(&id.input)),
            Self::Referenced { input, .. } => format!("{} names no record that there is", name(input)),
            Self::Unlike { fields, .. } => {
                let inputs: Vec<String> = fields.iter().map(|(_, input)| name(input)).collect();
                format!("another record has this {}", inputs.join(" and "))
            }
            Self::Apart(_) => "another like it goes on at the same time".to_owned(),
            Self::Rested { pause, .. } => pause.refusal(),
            Self::InState { from, .. } if from.is_empty() => "no move leads there".to_owned(),
            Self::InState { field, from, .. } => {
                let from: Vec<String> = from.iter().map(ToString::to_string).collect();
                format!("the record's `{field}` is not {}", from.join(" or "))
            }
            Self::Unused { .. } => "other records name it".to_owned(),
            Self::NotChosen { flag, .. } => format!("it is the one with `{flag}`"),
            Self::Timely { field, side: super::Side::From, .. } => format!("it is before its `{field}`"),
            Self::Timely { field, .. } => format!("it is after its `{field}`"),
            Self::Places { most, .. } => format!("there are as many as its `{most}` says"),
            Self::FewerThan { most: Some(most), .. } => format!("the caller has as many as `{most}` says"),
            Self::FewerThan { .. } => "the caller has one already".to_owned(),
            Self::OfKind { field, value, .. } => format!("the caller's `{field}` is not {value}"),
            Self::Within(bounded) => bounded.refusal(name),
            Self::Untaken { .. } => "another has taken it".to_owned(),
            Self::Tied { tied: true, .. } => "the caller has not done so".to_owned(),
            Self::NotWaiting { .. } => "the caller waits to be let in".to_owned(),
            Self::Tied { tied: false, .. } => "the caller has done so already".to_owned(),
            Self::Room { most, day: Some(_), .. } => format!("the caller has {most} of that day already"),
            Self::Room { most, .. } => format!("the caller has {most} already"),
            Self::NoMoreListed { input, most } => format!("{} lists more than {most}", name(input)),
            Self::SomeListed { .. } => "there is nothing to list".to_owned(),
            Self::Funds { balance, .. } => format!("the caller's `{balance}` is too little"),
            Self::HasFlag { field, from } => {
                let from: Vec<String> = from.iter().map(ToString::to_string).collect();
                format!("the caller's `{field}` is not {}", from.join(" or "))
            }
            Self::NoneOpen { .. } => "something of the caller's is open still".to_owned(),
            Self::NotDone { daily: true, .. } => "the caller has done it today".to_owned(),
            Self::NotDone { .. } => "the caller has done it before".to_owned(),
            Self::Worth { least, .. } => format!("what is ordered comes to less than the voucher's `{least}`"),
            Self::Enough(stock) => format!("there is not enough `{}`", stock.field),
            Self::SomeLines(_) => "there is nothing to order".to_owned(),
            Self::LinesNamed(lines) => format!("a line's `{}` names no record that there is", lines.reference),
            Self::When { demand, .. } => demand.refusal(inputs),
        }
    }
}

impl Bounded {
    fn refusal(&self, name: impl Fn(&usize) -> String) -> String {
        let fields: Vec<String> = self.least.iter().chain(&self.most).map(|field| format!("`{field}`")).collect();
        let number = match &self.number {
            NumberOf::Input(input) => name(input),
            NumberOf::Field { input, field, .. } => format!("`{field}` of what {} names", name(input)),
        };
        format!("{number} is out of {} of what {} names", fields.join(" and "), name(&self.input))
    }
}

impl Amount {
    fn describe(&self, inputs: &[Input]) -> String {
        let name = |input: &usize| inputs.get(*input).map_or_else(String::new, |input| format!("`{}`", input.name));
        match self {
            Self::Fixed(amount) => amount.to_string(),
            Self::Input(input) => name(input),
            Self::Choice { input, .. } => format!("what {} costs", name(input)),
            Self::Times(amount, input) => format!("{} times {}", name(input), amount.describe(inputs)),
            Self::Share { of, each, gives } => format!("{gives} for each {each} of {}", of.describe(inputs)),
            Self::Each { input, price } => format!("{price} for each of {}", name(input)),
            Self::Less(amount, off) => format!("{} less what {} takes off", amount.describe(inputs), name(&off.input)),
            Self::Made { .. } => "what the new record comes to".to_owned(),
            Self::Of { id, field, .. } => format!("`{field}` of the record that {} names", name(&id.input)),
            Self::Streak(_) => "what the day in a row gives".to_owned(),
            Self::Through { by: (_, id, reference), field, .. } => {
                format!("`{field}` of what `{reference}` of the record that {} names is", name(&id.input))
            }
        }
    }
}

impl std::fmt::Display for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Mobile => f.write_str("a mobile number (1[3-9] and nine digits)"),
            Self::Email => f.write_str("an e-mail address"),
            Self::IdCard => f.write_str("an ID-card number (18 places, or 15)"),
            Self::Length(length) => match (length.min, length.max) {
                (Some(min), Some(max)) if min == max => write!(f, "{min} characters long"),
                (Some(min), Some(max)) => write!(f, "{min} to {max} characters long"),
                (Some(min), None) => write!(f, "{min} characters or longer"),
                (None, Some(max)) => write!(f, "{max} characters or shorter"),
                (None, None) => f.write_str("of any length"),
            },
            Self::LettersAndDigits => f.write_str("made of letters and digits"),
            Self::MadeOf(signs) => write!(f, "made of {signs}"),
            Self::Date(form) => write!(f, "a date such as {form}"),
            Self::Range(least, i64::MAX) => write!(f, "a number from {least} on"),
            Self::Range(least, most) => write!(f, "a number from {least} to {most}"),
            Self::NotPast(_) => f.write_str("today or later"),
            Self::Step(step) => step.fmt(f),
            Self::OneOf(values) => write!(f, "one of {}", values.join(", ")),
        }
    }
}

impl Action {
    /// What it changes, in words about this endpoint's inputs.
    #[allow(clippy::too_many_lines, reason = "one short arm for each action")]
    pub fn describe(&self, inputs: &[Input]) -> String {
        let name = |input: &usize| format!("`{}`", inputs[*input].name);
        let names = |fields: &[(std::sync::Arc<str>, usize)]| {
            fields.iter().map(|(_, input)| name(input)).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::CreateAccount { identities, fields, .. } => {
                let known: Vec<String> = identities.iter().map(name).collect();
                let kept = if fields.is_empty() { String::new() } else { format!(", keeping {}", names(fields)) };
                let known = if known.is_empty() { "a number that it is given".to_owned() } else { known.join(", ") };
                format!("creates an account known by {known}{kept}")
            }
            Self::Notify(_) | Self::Enter(_) | Self::Fine(_) | Self::CountDeed { .. } => self.describe_written(),
            Self::EnsureAccount { identities, .. } => {
                let known: Vec<String> = identities.iter().map(name).collect();
                format!("creates an account known by {} if there is none", known.join(", "))
            }
            Self::SpendPasscode { passcode, .. } => format!("spends {}", name(passcode)),
            Self::IssueToken => "issues a token".to_owned(),
            Self::DeleteAccount => "deletes the caller's account and kills its tokens".to_owned(),
            Self::RevokeToken => "kills the caller's token".to_owned(),
            Self::RevokeTokens => "kills all of the account's tokens".to_owned(),
            Self::SetPassword { password, .. } => format!("sets the password to {}", name(password)),
            Self::SetFields(fields) => format!("keeps {}", names(fields)),
            Self::SetIdentity(input) => format!("makes {} what the account is known by", name(input)),
            Self::Verify { card, .. } => format!("marks the caller as verified with {}", name(card)),
            Self::Submit { from, to } => {
                let from: Vec<String> = from.iter().map(ToString::to_string).collect();
                format!("moves the status from {} to {to}", from.join(" or "))
            }
            Self::SendPasscode { identity, .. } => format!("sends a passcode to {}", name(identity)),
            Self::CreateRecord { fields, merge, lines, .. } => match merge {
                None if matches!(lines.as_deref(), Some(Lines { from: LinesFrom::Basket { .. }, .. })) => {
                    format!("makes a record of {} and of lines of the basket, which leave it", names(fields))
                }
                Some(merge) => {
                    format!("makes a record of {}, or adds to the `{}` of one like it", names(fields), merge.field)
                }
                None if fields.is_empty() => "makes a record".to_owned(),
                None => format!("makes a record of {}", names(fields)),
            },
            Self::UpdateRecord { id, fields, .. } => {
                format!("changes {} of the record that {} names", names(fields), name(&id.input))
            }
            Self::SaveRecord { id, fields, .. } => {
                format!(
                    "changes {} of the record that {} names, or makes one without it",
                    names(fields),
                    name(&id.input)
                )
            }
            Self::CopyRecord(copying) => format!("makes a record like the one that {} names", name(&copying.id.input)),
            Self::RemoveRecords { id, into: Some(into), .. } => {
                let what = id.as_ref().map(|id| format!("the record that {} names", name(&id.input)));
                let what = what.unwrap_or_else(|| "all of the caller's records".to_owned());
                match into {
                    Goes::Bin(_) => format!("moves {what} into the bin"),
                    Goes::Back(_) => format!("moves {what} back out of the bin"),
                }
            }
            Self::RemoveRecords { id: Some(id), .. } => format!("removes the record that {} names", name(&id.input)),
            Self::RemoveChildren { id, field, emptied, .. } => {
                let what = if *emptied { "empties `" } else { "removes with it what names it in `" };
                format!("{what}{field}`, of the record that {} names", name(&id.input))
            }
            Self::RemoveRecords { id: None, .. } => "removes all of the caller's records".to_owned(),
            Self::ChooseRecord { id, flag, .. } => {
                format!("sets `{flag}` of the record that {} names, and of no other", name(&id.input))
            }
            Self::MoveRecords { .. } => self.describe_move(inputs),
            Self::MoveNamed { .. } => self.describe_named(inputs),
            Self::TakeRecord { id, .. } => {
                format!("makes the record that {} names the caller's to work on", name(&id.input))
            }
            Self::LeaveRecord { id, .. } => {
                format!("makes the record that {} names nobody's to work on", name(&id.input))
            }
            Self::Tie { id, how, .. } => {
                let what = match how {
                    super::Tying::Tie => "ties",
                    super::Tying::Untie => "unties",
                    super::Tying::Out(input) => {
                        let (who, what) = (name(input), name(&id.input));
                        return format!("unties the account that {who} names and the record that {what} names");
                    }
                    super::Tying::Toggle => "ties or unties",
                    super::Tying::Told { .. } => "ties or unties, as told,",
                };
                format!("{what} the caller and the record that {} names", name(&id.input))
            }
            Self::AdjustRecord { id, field, .. } => {
                format!("adjusts `{field}` of the record that {} names", name(&id.input))
            }
            Self::PutOff { id, field, by, .. } => {
                let by = match by {
                    PutOff::For(by) => super::collection::term(*by),
                    PutOff::Counted { input, unit, .. } => format!("{} {}s", name(input), unit.name()),
                };
                format!("puts off `{field}` of the record that {} names by {by}", name(&id.input))
            }
            Self::ChargeLate { due, fee, each_day, .. } => {
                format!("makes `{fee}` {each_day} for each day after `{due}`")
            }
            Self::Meter { fee, unit, price, .. } => {
                format!("makes `{fee}` {price} for each {} that has begun", super::collection::term(*unit))
            }
            Self::CountView { id, field, .. } => {
                format!("adds one to `{field}` of the record that {} names", name(&id.input))
            }
            Self::TakeAway { taken, .. } => format!("takes from `{}` of what `{}` names", taken.field, taken.reference),
            Self::GiveBack { taken, sent, .. } => {
                let gives = format!("gives back to `{}` what making the record took", taken.field);
                let told = |(input, values): &(usize, Vec<String>)| {
                    format!("{gives}, where {} is {}", name(input), values.join(" or "))
                };
                sent.as_ref().map_or_else(|| gives.clone(), told)
            }
            Self::ReturnVoucher { used, .. } => {
                format!("makes `{}` of the voucher that the record used {}", used.status, used.unused)
            }
            Self::TakeLines { lines, field } => {
                format!("takes from `{field}` of the record that each line's `{}` names", lines.reference)
            }
            Self::Charge { amount, balance, off, .. } => {
                let less = off.as_ref().map(|off| format!(", less what {} takes off,", name(&off.input)));
                format!("takes the record's `{amount}`{} from the caller's `{balance}`", less.unwrap_or_default())
            }
            Self::TakeFrom { input, field, .. } => {
                format!("takes from `{field}` of the record that {} names", name(input))
            }
            Self::UseVoucher { input, used, status, .. } => {
                format!("makes `{status}` of the voucher that {} names {used}", name(input))
            }
            Self::KeepFiles { inputs: files, .. } => {
                let kept = files.iter().map(|(input, form)| {
                    let folder = if form.folder.is_empty() { "a name of its own" } else { &form.folder };
                    format!("{} under {folder}", name(input))
                });
                format!("keeps the file {}", kept.collect::<Vec<_>>().join(", "))
            }
            _ => self.describe_funds(inputs),
        }
    }

    /// What it does to what somebody has.
    fn describe_funds(&self, inputs: &[Input]) -> String {
        match self {
            Self::AddFunds { amount, balance, takes: false } => {
                format!("adds {} to the caller's `{balance}`", amount.describe(inputs))
            }
            Self::AddFunds { amount, balance, .. } => {
                format!("takes {} from the caller's `{balance}`", amount.describe(inputs))
            }
            Self::Settle { taker, amount, balance, takes, only, sent, .. } => {
                let whose = if *taker { "who took the record" } else { "who made the record" };
                let only = only.as_ref().map_or_else(String::new, |(field, values)| {
                    format!(" where its `{field}` is {}", values.join(" or "))
                });
                let sent = sent.as_ref().map_or_else(String::new, |(input, values)| {
                    format!(" where `{}` is {}", inputs[*input].name, values.join(" or "))
                });
                let (adds, to) = if *takes { ("takes", "from") } else { ("adds", "to") };
                format!("{adds} its `{amount}` {to} `{balance}` of {whose}{only}{sent}")
            }
            Self::SetFlag { field, to } => format!("makes the caller's `{field}` {to}"),
            Self::Give { count, .. } => format!("gives a new account {count} of what the remark names"),
            _ => "keeps when it was done".to_owned(),
        }
    }

    fn describe_named(&self, inputs: &[Input]) -> String {
        match self {
            Self::MoveNamed { by: Named::Input(input), field, to, .. } => {
                format!("moves `{field}` of what `{}` names to {to}", inputs[*input].name)
            }
            Self::MoveNamed { by: Named::Field { reference, .. }, field, to, .. } => {
                format!("moves `{field}` of what the record's `{reference}` names to {to}")
            }
            _ => String::new(),
        }
    }

    /// What the system writes besides what was asked for.
    fn describe_written(&self) -> String {
        match self {
            Self::Notify(notice) => {
                let whom = match &notice.to {
                    To::Caller => "the caller".to_owned(),
                    To::Owner => "whoever the record belongs to".to_owned(),
                    To::OwnerOf(_, field) => format!("whoever that belongs to which `{field}` names"),
                };
                format!("writes a notice for {whom}")
            }
            Self::Fine(fine) => {
                format!("writes down {} for each day after `{}`, if it is late", fine.each_day, fine.due)
            }
            Self::Enter(ledger) => format!("enters what it changes of `{}`", ledger.of),
            Self::CountDeed { field } => format!("adds one to `{field}` of the account that the record belongs to"),
            _ => String::new(),
        }
    }

    /// Where it moves which records, and out of which statuses elsewhere.
    fn describe_move(&self, inputs: &[Input]) -> String {
        let Self::MoveRecords { id, field, from, to, cases, .. } = self else { return String::new() };
        let name = |input: &usize| format!("`{}`", inputs[*input].name);
        let from: Vec<String> = from.iter().map(ToString::to_string).collect();
        let whose = id.as_ref().map_or_else(
            || "all of the caller's records".to_owned(),
            |id| format!("the record that {} names", name(&id.input)),
        );
        let from = if from.is_empty() { String::new() } else { format!(" from {}", from.join(" or ")) };
        let cases = cases.iter().map(|case| {
            let (what, values) = match &case.of {
                CaseOf::Field { field, from } => {
                    (format!("`{field}`"), from.iter().map(ToString::to_string).collect::<Vec<_>>())
                }
                CaseOf::Input { input, values, .. } => (name(input), values.clone()),
            };
            let out_of = match &case.of {
                CaseOf::Input { from, .. } if !from.is_empty() => {
                    let from: Vec<String> = from.iter().map(ToString::to_string).collect();
                    format!(" from {}", from.join(" or "))
                }
                _ => String::new(),
            };
            format!(", where {what} is {}{out_of} to {}", values.join(" or "), case.to)
        });
        format!("moves `{field}` of {whose}{from} to {to}{}", cases.collect::<String>())
    }
}
