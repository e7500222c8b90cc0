//! Other words for those of the driver app's document, as people of the trade put them. Written without a look into the
//! lexicon: a word that it lacks is a word to be added there.

/// A word of the document, and what may stand in its place.
pub(super) type Words = &'static [(&'static str, &'static [&'static str])];

pub(super) const TITLES: Words = &[
    ("用户注册", &["注册", "会员注册", "新用户注册", "账号注册", "手机号注册", "司机注册"]),
    ("认证身份证", &["实名认证", "身份认证", "身份证认证", "提交实名信息", "实名验证", "身份验证"]),
    ("获取用户认证信息", &["查询认证状态", "获取认证信息", "实名认证查询", "认证结果查询", "查询实名信息", "认证详情"]),
    ("用户登录", &["登录", "会员登录", "密码登录", "账号登录", "登陆", "司机登录"]),
    ("找回密码(修改密码相同)", &["忘记密码", "重置密码", "找回登录密码", "密码找回", "重设密码", "找回密码"]),
    ("获取用户详细信息", &["个人资料", "用户信息", "获取个人信息", "用户详情", "我的资料", "查询会员资料"]),
    ("更换头像", &["修改头像", "上传头像", "设置头像", "更新头像", "头像修改", "编辑头像"]),
    ("资质认证", &["资格认证", "从业资格认证", "上传资格证", "提交资质", "资质审核", "上传从业资格证"]),
    ("退出登录", &["注销登录", "登出", "退出", "安全退出", "退出账号", "用户退出"]),
];

/// What stands between `=` and `#`, and the placeholder of the token.
pub(super) const LABELS: Words = &[
    ("手机号", &["手机号码", "手机", "电话号码", "注册手机", "登录手机号", "联系电话"]),
    ("验证码", &["短信验证码", "校验码", "动态码", "手机验证码", "短信校验码", "短信码"]),
    ("密码", &["登录密码", "用户密码", "口令", "账号密码", "登陆密码", "密码（明文）"]),
    ("极光推送RegistrationID", &["推送ID", "设备推送标识", "极光推送ID", "设备号", "JPush注册ID", "推送设备标识"]),
    ("姓名", &["真实姓名", "用户姓名", "名字", "持证人姓名", "身份证姓名", "本人姓名"]),
    ("身份证", &["身份证号", "身份证号码", "证件号码", "公民身份号码", "居民身份证号", "身份证件号"]),
    ("账号", &["登录账号", "用户名", "手机号", "账户", "用户账号", "注册手机号"]),
    ("新密码", &["新的密码", "设置新密码", "新登录密码", "重置后的密码", "新口令", "要设置的密码"]),
    ("头像图片地址", &["头像", "头像链接", "头像URL", "头像路径", "用户头像地址", "头像图片"]),
    (
        "从业资格证【从业资格证需要调用上传图片接口,获取图片地址】",
        &["从业资格证图片", "资格证照片", "资格证图片地址", "证件照片", "从业资格证照片地址", "资质图片"],
    ),
    ("用户token", &["用户令牌", "登录token", "令牌", "登录凭证", "访问令牌", "会话token"]),
];

/// What stands behind `//`.
pub(super) const NOTES: Words = &[
    (
        "密码长度不可小于6位,大于16位",
        &[
            "密码长度6-16位",
            "6~16位密码",
            "长度为6到16个字符",
            "密码不能少于6位,不能超过16位",
            "密码须为6至16位",
            "6-16个字符",
        ],
    ),
    (
        "认证状态 1为已认证 0为未认证",
        &[
            "是否实名 1是 0否",
            "认证标识,1:已认证,0:未认证",
            "实名状态(0未实名 1已实名)",
            "1已认证,0未认证",
            "是否认证:0否,1是",
            "实名认证 1=已通过 0=未通过",
        ],
    ),
    (
        "token需要保存起来,登录后别的接口都需要传该token",
        &["登录凭证,请保存", "令牌,后续接口都要带上", "token,之后的请求都要传", "会话令牌", "访问令牌,请妥善保存"],
    ),
    ("错误原因", &["失败原因", "提示信息", "出错说明", "错误提示", "原因"]),
    ("账号", &["登录账号", "手机号", "用户账号", "注册手机号", "账户", "登录名"]),
    ("积分", &["用户积分", "当前积分", "会员积分", "累计积分", "剩余积分"]),
    ("手机唯一标示 测试的时候可以随便填", &["设备号", "设备唯一标识", "手机串号", "机器码", "终端编号"]),
    ("用户头像", &["头像", "头像地址", "头像URL", "头像链接", "会员头像"]),
    ("小马砖", &["平台币", "金币", "虚拟币", "砖石数量", "代币"]),
    ("红包(可以提现)", &["余额", "钱包余额", "红包余额(可提现)", "可提现金额", "账户余额"]),
];

pub(super) const MESSAGES: Words = &[
    (
        "用户未登录",
        &[
            "请先登录",
            "登录已失效，请重新登录",
            "未登录或登录超时",
            "您还没有登录",
            "token无效，请重新登录",
            "登录状态已过期",
            "尚未登录",
            "无效的token",
            "会话已过期,请重新登录",
        ],
    ),
    (
        "输入的信息不符合",
        &[
            "参数格式不正确",
            "输入信息不合法",
            "提交的信息格式有误",
            "参数错误",
            "填写的内容不符合要求",
            "输入内容不合规范",
            "请求参数不合法",
            "信息填写不正确",
        ],
    ),
    (
        "注册的账号已存在",
        &[
            "手机号已被注册",
            "该手机号已注册",
            "账号已存在,请直接登录",
            "用户已存在",
            "此号码已经注册过",
            "账号已被占用",
        ],
    ),
    ("该账号已存在", &["该手机号码已被使用", "账户已存在", "号码已注册", "该用户名已被注册", "账号重复"]),
    (
        "验证码有误",
        &[
            "校验码不正确",
            "短信验证码错误",
            "验证码不正确或已失效",
            "验证码错误",
            "动态码错误",
            "短信码不匹配",
            "验证码无效",
        ],
    ),
    (
        "注册失败",
        &["注册失败,请稍后再试", "用户注册失败", "注册不成功", "账号创建失败", "系统繁忙，注册失败", "注册未成功"],
    ),
    (
        "输入的信息有误",
        &[
            "提交的信息有误",
            "参数有误",
            "填写的信息格式错误",
            "姓名或身份证号格式错误",
            "输入信息格式不对",
            "资料填写有误",
        ],
    ),
    ("认证失败", &["实名认证失败", "身份认证失败", "认证未通过", "身份核验失败", "实名认证不通过", "认证不成功"]),
    (
        "认证失败,请填写正确的身份信息",
        &[
            "认证失败,请填写真实的身份信息",
            "身份信息不正确",
            "身份证号码有误,请核对",
            "请填写正确的身份证信息",
            "姓名与身份证号不一致",
            "身份信息有误，请重新填写",
            "无效的身份证号码",
        ],
    ),
    (
        "获取失败",
        &[
            "获取认证信息失败",
            "未查询到认证信息",
            "暂无认证信息",
            "您还未认证",
            "尚未提交认证",
            "查询失败",
            "没有认证记录",
        ],
    ),
    (
        "账号密码格式不正确",
        &[
            "账号或密码格式错误",
            "手机号或密码格式有误",
            "用户名密码格式不正确",
            "请输入正确格式的账号和密码",
            "参数格式错误",
            "登录信息格式不对",
        ],
    ),
    (
        "账号密码错误",
        &[
            "账号或密码错误",
            "用户名或密码不正确",
            "手机号或密码有误",
            "密码错误或账号不存在",
            "登录账号或密码不正确",
            "账户名与密码不匹配",
        ],
    ),
    (
        "验证码有误。数据未找到符合的验证码或验证码超出有效期",
        &[
            "验证码错误或已过期",
            "验证码不存在或已失效",
            "短信验证码无效。没有匹配的记录或者已超时",
            "校验码错误,或已超过有效期",
            "验证码不正确。没有查到对应的验证码，或验证码已过期",
        ],
    ),
    (
        "用户不存在",
        &["账号不存在", "该用户不存在", "用户信息不存在", "查无此用户", "没有找到该用户", "账户不存在或已注销"],
    ),
    ("缺少必须参数", &["缺少必要参数", "缺少参数", "参数缺失", "必填项不能为空", "必填参数为空", "参数不完整"]),
    ("添加失败", &["保存失败", "更新失败", "修改失败", "操作失败", "上传失败", "头像设置失败", "更换失败"]),
    (
        "图片名称地址不能空",
        &[
            "图片地址不能为空",
            "请上传资格证图片",
            "资格证图片必传",
            "图片路径不能为空",
            "缺少图片地址",
            "请选择要上传的图片",
        ],
    ),
    (
        "资格证上传失败,请联系客服",
        &[
            "上传失败，请联系客服",
            "资格证提交失败",
            "提交失败,请稍后重试",
            "资格证保存失败",
            "资质提交不成功，请联系管理员",
        ],
    ),
    ("注册成功", &["恭喜您,注册成功", "账号创建成功", "success", "操作成功", "欢迎加入"]),
    ("认证成功", &["实名认证成功", "身份认证通过", "提交成功", "ok", "验证通过"]),
    ("获取成功", &["查询成功", "success", "成功", "请求成功", "获取认证信息成功"]),
    ("登录成功", &["登陆成功", "欢迎回来", "ok", "成功", "用户登录成功"]),
    ("密码设置成功", &["密码重置成功", "修改成功", "密码已修改", "新密码已生效", "重置成功,请重新登录"]),
    ("添加成功", &["更新成功", "保存成功", "头像已更换", "修改成功", "设置成功"]),
    (
        "从业资格证上传成功,等待客服认证",
        &["资料已提交,等待审核", "上传成功,请等待审核", "提交成功,审核中", "已提交审核", "资格证已上传,等待管理员审核"],
    ),
    ("退出成功", &["注销成功", "已退出登录", "登出成功", "您已安全退出", "再见"]),
];

/// In the order of the document's values: 0 to 5.
pub(super) const STATUSES: Words = &[
    ("正常使用", &["正常", "已通过", "启用", "审核通过", "可用", "认证通过"]),
    ("冻结", &["已冻结", "禁用", "停用", "封号", "锁定", "冻结账号"]),
    ("未审核(未上传验证信息)", &["未认证", "未提交审核", "未提交资料", "待提交", "未上传资料", "未审核"]),
    ("信息认证未通过", &["审核未通过", "审核不通过", "已驳回", "认证失败", "审核拒绝", "未通过"]),
    ("审核中(已上传验证信息)", &["审核中", "待审核", "等待审核", "认证中", "已提交待审核", "正在审核"]),
    ("假性删除", &["已删除", "已注销", "软删除", "逻辑删除", "注销", "删除"]),
];

pub(super) const SEGMENTS: Words = &[
    ("Api", &["api", "v1", "app", "index", "openapi", "rest"]),
    ("User", &["user", "member", "account", "driver", "passport", "uc"]),
    ("register", &["signup", "enroll", "reg", "join", "create_account", "doRegister"]),
    ("verification", &["realname", "identify", "id_auth", "real_auth", "certify", "idcard_verify"]),
    ("getVerification", &["realname_info", "auth_info", "get_realname", "verify_status", "certification_detail"]),
    ("login", &["signin", "sign_in", "logon", "doLogin", "session_create", "user_login"]),
    ("retrieve_password", &["forget_pwd", "reset_password", "find_pwd", "forgot", "getback_password", "resetPwd"]),
    ("get_user_details", &["profile", "user_info", "my", "detail", "getInfo", "me"]),
    ("uploadPortrait", &["set_avatar", "change_avatar", "update_face", "avatar", "editHead", "save_portrait"]),
    (
        "authenticationQualifications",
        &["qualification", "upload_license", "certificate", "submit_cert", "aptitude", "zizhi"],
    ),
    ("exit_login", &["logout", "signout", "sign_out", "quit", "logoff", "login_out"]),
];

pub(super) const PARAMS: Words = &[
    ("phone", &["mobile", "tel_no", "phone_number", "mobilePhone", "cellphone", "tel"]),
    ("code", &["verify_code", "captcha", "sms_code", "vcode", "smsCode", "yzm"]),
    ("password", &["passwd", "pwd", "pass", "login_pwd", "passWord"]),
    ("RegistrationID", &["device_token", "push_id", "regid", "jpush_id", "client_id"]),
    ("name", &["real_name", "realname", "truename", "xm", "full_name"]),
    ("cardno", &["id_card", "idcard", "identity_no", "card_no", "sfz", "id_number"]),
    ("account", &["username", "mobile", "login_name", "user_account", "phone"]),
    ("phone_code", &["verify", "sms_code", "captcha", "check_code", "mobile_code"]),
    ("new_password", &["newpwd", "new_pwd", "password_new", "newPassword", "pwd"]),
    ("portrait", &["avatar", "headimg", "head_pic", "face", "user_img", "photo"]),
    ("picture", &["pic", "img_url", "certificate", "image", "cert_pic"]),
    ("token", &["access_token", "user_token", "auth_token", "session_key", "ticket", "usertoken"]),
];

pub(super) const ENVELOPE: Words = &[
    ("code", &["errno", "status_code", "ret", "zz_code", "errcode", "result_code", "rc"]),
    ("info", &["tips", "msg", "message", "zz_text", "errmsg", "remark", "desc"]),
    ("data", &["payload", "result", "content", "zz_data", "body", "rows"]),
    ("state", &["flag", "zz_state", "ok", "succ", "success_flag", "status"]),
];

/// Members of `data`.
pub(super) const FIELDS: Words = &[
    ("token", &["access_token", "user_token", "login_token", "accessToken", "auth_token", "session_id"]),
    ("authenticationState", &["is_auth", "realname_status", "authState", "verify_flag", "certified"]),
    ("_id", &["id", "user_id", "uid", "userId", "member_id"]),
    ("account", &["phone", "mobile", "username", "login_name", "tel"]),
    ("integral", &["score", "points", "credit", "jifen", "bonus"]),
    ("status", &["state", "user_status", "account_status", "zt", "userState"]),
    ("uuid", &["device", "device_id", "imei", "machine", "udid"]),
    ("portrait", &["avatar", "headimgurl", "head_pic", "face", "photo"]),
    ("currency", &["coin", "gold", "coins", "bricks", "diamond"]),
    ("virtual_currency", &["balance", "red_packet", "wallet", "money", "cash"]),
];

/// Those that no comment explains must keep a name that says something.
pub(super) const UNEXPLAINED: &[&str] = &["_id", "token"];
