//! The names under which the data files and the program speak of the same things.

use serde::Deserialize;
use std::fmt;

macro_rules! terms {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|term| term.name() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

terms! {
    /// What a parameter or a field of an example is for.
    Role {
        /// What names an account. Phones, e-mails and the like become this in operations on accounts.
        Identity = "identity",
        Phone = "phone",
        Email = "email",
        Account = "account",
        Openid = "openid",
        UserId = "user-id",
        Passcode = "passcode",
        Password = "password",
        NewPassword = "new-password",
        OldPassword = "old-password",
        ConfirmPassword = "confirm-password",
        PayPassword = "pay-password",
        Token = "token",
        RealName = "real-name",
        Nickname = "nickname",
        IdCard = "id-card",
        Avatar = "avatar",
        Picture = "picture",
        File = "file",
        Device = "device",
        Status = "status",
        Verified = "verified",
        Purpose = "purpose",
        Signature = "signature",
        Page = "page",
        PageSize = "page-size",
        Keyword = "keyword",
        Amount = "amount",
        Time = "time",
        RecordId = "record-id",
        Plain = "plain",
    }
}

impl Role {
    /// Whether it can name an account.
    pub fn identifies(self) -> bool {
        matches!(self, Self::Identity | Self::Phone | Self::Email | Self::Account | Self::Openid | Self::UserId)
    }

    /// Whether it proves who someone is.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Passcode | Self::Password | Self::NewPassword | Self::OldPassword | Self::ConfirmPassword)
    }

    /// Whether it is a password, of whatever kind.
    pub fn is_password(self) -> bool {
        matches!(
            self,
            Self::Password | Self::NewPassword | Self::OldPassword | Self::ConfirmPassword | Self::PayPassword
        )
    }

    /// Whether it is words, a name or a secret, so that no list, object or file can stand for it.
    pub fn is_text(self) -> bool {
        self.is_secret()
            || self.identifies()
            || matches!(
                self,
                Self::PayPassword | Self::Token | Self::RealName | Self::Nickname | Self::IdCard | Self::Purpose
            )
    }

    /// Whether `other` serves where this role is asked for: any picture is a picture, any name of an account an identity.
    pub fn covers(self, other: Self) -> bool {
        self == other
            || (self == Self::Identity && other.identifies() && other != Self::UserId)
            || (self == Self::Picture && matches!(other, Self::Avatar | Self::File))
    }
}

terms! {
    /// What a documented failure says.
    Class {
        NotLoggedIn = "not-logged-in",
        Missing = "missing",
        Malformed = "malformed",
        /// It is another's.
        NotYours = "not-yours",
        /// Nobody does that to themselves.
        Oneself = "oneself",
        Exists = "exists",
        NotFound = "not-found",
        BadCredentials = "bad-credentials",
        BadPasscode = "bad-passcode",
        Expired = "expired",
        TooFrequent = "too-frequent",
        ForbiddenStatus = "forbidden-status",
        WrongState = "wrong-state",
        Unchanged = "unchanged",
        Unequal = "unequal",
        /// The proof of identity was not accepted.
        IdentityRejected = "identity-rejected",
        /// What was given as proof cannot be right.
        IdentityInvalid = "identity-invalid",
        IdentityExists = "identity-exists",
        /// Who asks has proved who they are before.
        AlreadyVerified = "already-verified",
        NotSubmitted = "not-submitted",
        Rejected = "rejected",
        Insufficient = "insufficient",
        SendFailed = "send-failed",
        WrongMethod = "wrong-method",
        TooLarge = "too-large",
        Failed = "failed",
    }
}

terms! {
    /// What an endpoint does.
    Operation {
        Register = "register",
        Login = "login",
        Logout = "logout",
        /// Gives who calls another token.
        RenewToken = "renew-token",
        ResetPassword = "reset-password",
        ChangePassword = "change-password",
        SendPasscode = "send-passcode",
        BindIdentity = "bind-identity",
        Profile = "profile",
        EditProfile = "edit-profile",
        VerifyIdentity = "verify-identity",
        VerificationStatus = "verification-status",
        SubmitReview = "submit-review",
        DeleteAccount = "delete-account",
        /// Adds to the money that the caller's account has.
        TopUp = "top-up",
        /// Changes what the caller's account has, and shows nothing but that: pays a deposit, opens a membership, checks in.
        AccountDeed = "account-deed",
        List = "list",
        Create = "create",
        Detail = "detail",
        Update = "update",
        /// Updates where an id is sent, creates where none is.
        Save = "save",
        Delete = "delete",
        /// Makes one record the chosen one among its owner's.
        SetDefault = "set-default",
        /// Moves a record's status.
        Transition = "transition",
        /// Ties a record to the caller, or unties it.
        Toggle = "toggle",
        /// Adds to a number of a record, or takes from it.
        Increment = "increment",
        Count = "count",
        /// Keeps a file and answers where it is.
        Upload = "upload",
        /// Nothing could be inferred: checks parameters and token, answers the example.
        Answer = "answer",
    }
}

impl Operation {
    /// Whether it acts on records of a collection and not on accounts.
    pub fn is_on_records(self) -> bool {
        matches!(
            self,
            Self::List
                | Self::Create
                | Self::Detail
                | Self::Update
                | Self::Save
                | Self::Delete
                | Self::SetDefault
                | Self::Transition
                | Self::Toggle
                | Self::Increment
                | Self::Count
        )
    }
}

terms! {
    /// What a value of a status says.
    StatusKind {
        Normal = "normal",
        Frozen = "frozen",
        Unreviewed = "unreviewed",
        Rejected = "rejected",
        Pending = "pending",
        Deleted = "deleted",
        Verified = "verified",
        Unverified = "unverified",
    }
}
