use super::{Class, Lexicon, Role, StatusKind};

fn check_meaning(message: &str, expected: &[Class]) {
    assert_eq!(Lexicon::standard().meaning(message).classes, expected, "{message}");
}

#[test]
fn what_to_do_about_it_is_not_what_is_wrong() {
    let lexicon = Lexicon::standard();
    let classes = |text: &str| lexicon.meaning(text).classes;
    assert_eq!(classes("上一个验证码还在有效期内，请输入！"), [Class::TooFrequent]);
    assert_eq!(classes("您的驗證碼還沒失效,請直接輸入"), [Class::TooFrequent]);
    assert_eq!(classes("请输入验证码"), [Class::Missing]);
    assert_eq!(classes("验证码不在有效期内"), [Class::Expired]);
    assert_eq!(classes("手机号不能为空，请输入"), [Class::Missing]);
}

#[test]
fn messages_mean_what_the_trade_means() {
    use Class::{
        AlreadyVerified, BadCredentials, BadPasscode, Exists, Expired, Failed, ForbiddenStatus, IdentityExists,
        IdentityInvalid, IdentityRejected, Malformed, Missing, NotFound, NotLoggedIn, TooFrequent, Unchanged,
        WrongState,
    };
    check_meaning("用户未登录", &[NotLoggedIn]);
    check_meaning("登录已过期，请重新登录", &[NotLoggedIn]);
    check_meaning("只有待处理或处理中的报修单可以确认", &[WrongState]);
    check_meaning("token无效", &[NotLoggedIn]);
    check_meaning("该账号已存在", &[Exists]);
    check_meaning("验证码有误。数据未找到符合的验证码或验证码超出有效期", &[BadPasscode, Expired]);
    check_meaning("验证码不能为空", &[Missing]);
    check_meaning("账号或密码错误", &[BadCredentials]);
    check_meaning("账号不存在或密码错误", &[NotFound, BadCredentials]);
    check_meaning("账号密码格式不正确", &[Malformed]);
    check_meaning("输入的信息不符合", &[Malformed]);
    check_meaning("认证失败,请填写正确的身份信息", &[IdentityRejected, IdentityInvalid]);
    check_meaning("认证失败", &[IdentityRejected]);
    check_meaning("获取失败", &[NotFound]);
    check_meaning("注册失败", &[Failed]);
    check_meaning("资格证上传失败,请联系客服", &[Failed]);
    check_meaning("图片名称地址不能空", &[Missing]);
    check_meaning("缺少必须参数", &[Missing]);
    check_meaning("短信发送太频繁", &[TooFrequent]);
    check_meaning("上一条验证码还没过期,请直接填写!", &[TooFrequent]);
    check_meaning("新旧口令不能一样", &[Unchanged]);
    check_meaning("账号已被冻结", &[ForbiddenStatus]);
    check_meaning("account or password incorrect", &[BadCredentials]);
    check_meaning("Wrong email or password", &[BadCredentials]);
    check_meaning("Invalid username or password", &[BadCredentials]);
    check_meaning("Invalid email", &[Malformed]);
    check_meaning("A required field is missing or malformed", &[Missing, Malformed]);
    check_meaning("资料审核中,请勿重复提交", &[WrongState]);
    check_meaning("已提交审核,请耐心等待", &[WrongState]);
    check_meaning("您已完成实名认证", &[AlreadyVerified]);
    check_meaning("密码须为6~18位字母和数字组合", &[Malformed]);
    check_meaning("该身份证已实名", &[IdentityExists]);
    check_meaning("该身份证号已绑定其他用户", &[IdentityExists]);
    check_meaning("失败原因", &[Failed]);
    check_meaning("你好", &[]);
}

fn check_role(name: &str, label: &str, expected: Option<Role>) {
    assert_eq!(Lexicon::standard().role(name, label).map(|(role, _)| role), expected, "{name} {label}");
}

#[test]
fn roles_come_from_labels_and_names() {
    check_role("phone", "手机号", Some(Role::Phone));
    check_role("x1", "手机验证码", Some(Role::Passcode));
    check_role("code", "验证码", Some(Role::Passcode));
    check_role("cardno", "身份证", Some(Role::IdCard));
    check_role("cardno", "借书证号", Some(Role::Account));
    check_role("uuid", "手机唯一标示 测试的时候可以随便填", Some(Role::Device));
    check_role("x", "从业资格证【从业资格证需要调用上传图片接口,获取图片地址】", Some(Role::Picture));
    check_role("authenticationState", "认证状态 1为已认证 0为未认证", Some(Role::Verified));
    check_role("status", "状态,0:正常使用,1冻结", Some(Role::Status));
    check_role("new_password", "新密码", Some(Role::NewPassword));
    check_role("token", "用户token", Some(Role::Token));
    check_role("zzz", "", None);
}

#[test]
fn statuses_are_told_by_their_words() {
    let kind = |text: &str| Lexicon::standard().status(text).last().copied();
    assert_eq!(kind("正常使用"), Some(StatusKind::Normal));
    assert_eq!(kind("未审核(未上传验证信息)"), Some(StatusKind::Unreviewed));
    assert_eq!(kind("信息认证未通过"), Some(StatusKind::Rejected));
    assert_eq!(kind("审核中(已上传验证信息)"), Some(StatusKind::Pending));
    assert_eq!(kind("假性删除"), Some(StatusKind::Deleted));
    assert_eq!(kind("已认证"), Some(StatusKind::Verified));
}

#[test]
fn names_in_latin_letters_are_those_of_the_words() {
    let lexicon = Lexicon::standard();
    let role = |name: &str| lexicon.role(name, "").map(|(role, _)| role);
    assert_eq!(role("guanjianci"), Some(Role::Keyword));
    assert_eq!(role("danjia"), Some(Role::Amount));
    assert!(lexicon.is_named("quantity", "shuliang"));
    assert!(lexicon.is_named("basket", "gouwuche"));
    assert!(lexicon.is_named("sum-amount", "zongjia"));
    let lists = lexicon.operation_words(super::Operation::List).map(|words| words.path.contains(&"liebiao".to_owned()));
    assert_eq!(lists, Some(true));
    assert!(!lexicon.is_named("quantity", "shu"), "a single character says too little");
}
