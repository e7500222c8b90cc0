// The server says why in English; on the Chinese page its sentences are said in Chinese. A sentence is known by its fixed
// words: {} stands for what is said in its place, which is itself a sentence, a list, or a name that stays as it is. What is not
// known, such as a document's own words, is shown as it came.

import { isChinese } from "./words.js";

const ALL = `
no live token is sent = 没有有效的 token
the token's time is over = token 已过期
the token's account is deleted = token 对应的账号已删除
{} is missing = 缺少 {}
neither {} nor {} is there = {} 和 {} 都没有传
none of {} is there = {} 一个都没有传
a mobile number = 手机号
1[3-9] and nine digits = 1[3-9] 加九位数字
an e-mail address = 邮箱地址
an ID-card number = 身份证号
18 places, or 15 = 18 位或 15 位
{} to {} characters long = {} 到 {} 个字符
{} characters long = {} 个字符
{} characters or longer = 至少 {} 个字符
{} characters or shorter = 至多 {} 个字符
of any length = 任意长度
made of letters and digits = 由字母和数字组成
made of {} = 由 {} 组成
a date such as {} = 形如 {} 的日期
a number from {} on = 不小于 {} 的数
a number from {} to {} = {} 到 {} 之间的数
today or later = 今天或以后
one of {} = {} 之一
{} and {} differ = {} 与 {} 不一致
{} has an account already = {} 已有账号
another account has this {} = 已有其他账号使用该 {}
{} names no account that there is = {} 所指的账号不存在
the record that {} names is another's = {} 所指的数据属于他人
what {} names is the caller's own = {} 所指的是调用者自己的
{} is the caller's own = {} 就是调用者自己
the caller's {} is not set = 调用者的 {} 未设置
the caller has not verified who they are = 调用者尚未实名认证
the caller has none of what is needed first = 调用者还没有所需的前提
{} has no account = {} 没有账号
{} is not the newest passcode sent, or is spent = {} 不是最新发送的验证码，或已被使用
{} has expired = {} 已过期
{} is not the account's password = {} 不是该账号的密码
the account is frozen or deleted = 账号已冻结或已删除
{} is the old password = {} 与旧密码相同
{} has no real birth date or a wrong check digit = {} 的出生日期或校验位不正确
{} is another's card, or the account is verified with another = {} 已被他人认证，或该账号已用其他证件认证
nothing has been verified or uploaded yet = 还没有认证或上传过
what was sent before is under review = 之前提交的内容正在审核
the caller is verified already = 调用者已认证过
the review was refused = 审核未通过
the last passcode was sent a moment ago = 刚刚发送过验证码
{} passcodes were sent today already = 今天已发送 {} 次验证码
too many wrong passwords were sent for the account = 该账号密码错误次数过多
the passcode was wrong {} times = 验证码已错 {} 次
nothing would change = 没有任何改变
no record of the caller's has {} = 调用者没有 {} 所指的数据
{} names no record that there is = {} 所指的数据不存在
another record has this {} = 已有相同 {} 的数据
it was done to the record less than {} s ago = 距上次操作该数据不足 {} 秒
it was done to the record before = 该数据已操作过
the record's {} is not {} = 该数据的 {} 不是 {}
the caller's {} is not {} = 调用者的 {} 不是 {}
other records name it = 仍有其他数据引用它
it is the one with {} = 它就是 {} 的那一条
it is before its {} = 未到其 {}
it is after its {} = 已过其 {}
there are as many as its {} says = 已达到其 {} 的数量
the caller has as many as {} says = 调用者已达到 {} 的数量
the caller has one already = 调用者已有一条
another has taken it = 已被他人接走
the caller has not done so = 调用者没有这样做过
the caller has done so already = 调用者已经这样做过
the caller has {} already = 调用者已有 {} 条
{} lists more than {} = {} 列出的超过 {} 个
there is nothing to list = 没有可列出的内容
the caller's {} is too little = 调用者的 {} 不足
something of the caller's is open still = 调用者还有未完成的事项
the caller has done it today = 调用者今天已做过
the caller has done it before = 调用者以前做过
what is ordered comes to less than the voucher's {} = 订单金额未达到优惠券的 {}
there is not enough {} = {} 不足
there is nothing to order = 没有可下单的内容
a line's {} names no record that there is = 某一行的 {} 所指的数据不存在
{} is not {} = {} 不是 {}
the parameter is required = 必填参数
the endpoint takes a token or documents a caller who is not logged in = 接口需要 token，或写明了未登录的情况
a deleted account's tokens still name it = 已删除账号的 token 仍指向该账号
the record has to be there, and the caller's own = 数据必须存在，且属于调用者
the record has to be there = 数据必须存在
a mainland mobile number = 大陆手机号
the form of an ID card = 身份证的格式
birth date and check digit of the card = 身份证的出生日期和校验位
one card, one account = 一证一号
an account is registered once = 一个账号只能注册一次
an identity belongs to one account = 一个标识只属于一个账号
a frozen or deleted account does not log in = 已冻结或已删除的账号不能登录
who logs in has an account = 登录者须有账号
who is named has an account = 所指的人须有账号
who gets it has an account = 接收者须有账号
only an account's password can be set = 只能设置已有账号的密码
the password is the account's = 密码须与账号一致
the old password is the account's = 旧密码须与账号一致
the new password is another = 新密码须与旧密码不同
a passcode is compared with the newest that was sent = 验证码与最新发送的比较
a passcode lives for a limited time = 验证码有有效期
a passcode is guessed at so often and no more = 验证码只能试有限次数
wrong passwords lock an account for a time = 密码错误过多会锁定账号一段时间
no two accounts have the same = 账号之间不能重复
something has to change = 必须有改变
something has to be verified or uploaded first = 须先认证或上传
a review that was refused = 审核被驳回
a voucher says from which sum on it can be used = 优惠券写明了使用门槛
it is made of what is in the basket = 由购物车中的内容生成
the endpoint documents a failure for it = 接口写明了这种失败
a failure speaks of what is another's = 失败说明提到属于他人
a failure speaks of it = 失败说明提到这一点
a failure tells of a login that is over = 失败说明提到登录已失效
a failure says that there can be too little = 失败说明提到可能不足
a failure says that one exists already = 失败说明提到已存在
a failure says that there is nothing = 失败说明提到没有数据
a failure says that another took it = 失败说明提到已被他人接走
a failure says that nobody does that to themselves = 失败说明提到不能对自己操作
a failure says that there is no such account = 失败说明提到账号不存在
the endpoint is for {} = 该接口只给 {}
{} leads to {}, from where a remark says = {} 变为 {}，来源见备注
{} leads to {}, from where {} says = {} 变为 {}，来源见 {}
{} leads to {} = {} 变为 {}
{} names a status = {} 是一个状态
{} names {} = {} 指向 {}
required where {} is {} = {} 为 {} 时必填
accepted = 通过
issues a token = 签发 token
spends {} = 用掉 {}
sends a passcode to {} = 向 {} 发送验证码
creates an account known by {} if there is none = 若没有则以 {} 建立账号
creates an account known by {}, keeping {} = 以 {} 建立账号，并保存 {}
creates an account known by {} = 以 {} 建立账号
deletes the caller's account and kills its tokens = 删除调用者的账号并使其 token 失效
kills the caller's token = 使调用者的 token 失效
kills all of the account's tokens = 使该账号的所有 token 失效
sets the password to {} = 将密码设为 {}
sets {} of the record that {} names, and of no other = 只将 {2} 所指数据的 {1} 置为选中
makes {} what the account is known by = 以 {} 作为账号的标识
marks the caller as verified with {} = 以 {} 将调用者标为已认证
moves the status from {} to {} = 状态由 {} 变为 {}
keeps the file {} under {} = 保存文件 {}，位于 {}
keeps when it was done = 保存完成时间
keeps {} = 保存 {}
makes a record of {} and of lines of the basket, which leave it = 由 {} 和购物车中的各行新建一条数据，并移出购物车
makes a record of {}, or adds to the {} of one like it = 由 {} 新建一条数据，或加到相同数据的 {}
makes a record of {} = 由 {} 新建一条数据
makes a record = 新建一条数据
changes {} of the record that {} names, or makes one without it = 修改 {2} 所指数据的 {1}；未指明时新建
changes {} of the record that {} names = 修改 {2} 所指数据的 {1}
removes the record that {} names = 删除 {} 所指的数据
removes all of the caller's records = 删除调用者的全部数据
gives back to {} what making the record took = 归还新建数据时从 {} 扣除的
makes the record that {} names the caller's to work on = {} 所指的数据交由调用者处理
ties the caller and the record that {} names = 将调用者与 {} 所指的数据关联
unties the caller and the record that {} names = 解除调用者与 {} 所指数据的关联
ties or unties the caller and the record that {} names = 关联或解除关联调用者与 {} 所指的数据
ties or unties, as told, the caller and the record that {} names = 按参数关联或解除关联调用者与 {} 所指的数据
adjusts {} of the record that {} names = 调整 {2} 所指数据的 {1}
adds one to {} of the account that the record belongs to = 数据所属账号的 {} 加一
adds one to {} of the record that {} names = {2} 所指数据的 {1} 加一
adds {} to the caller's {} = 调用者的 {2} 增加 {1}
takes the record's {} from the caller's {} = 从调用者的 {2} 扣除该数据的 {1}
takes from {} of the record that each line's {} names = 扣减各行 {2} 所指数据的 {1}
takes from {} of the record that {} names = 扣减 {2} 所指数据的 {1}
takes {} from the caller's {} = 从调用者的 {2} 扣除 {1}
what {} costs = {} 的价格
{} for each of {} = 每个 {2} {1}
{} of the record that {} names = {2} 所指数据的 {1}
makes {} of the voucher that the record used {} = 将该数据所用优惠券的 {} 置为 {}
makes {} of the voucher that {} names {} = 将 {2} 所指优惠券的 {1} 置为 {3}
makes the caller's {} {} = 将调用者的 {} 置为 {}
gives a new account {} of what the remark names = 赠送新账号 {} 份备注所说的内容
enters what it changes of {} = 记录 {} 的变动
writes a notice for {} = 给 {} 写一条通知
the caller = 调用者
whoever the record belongs to = 数据的所属者
whoever that belongs to which {} names = {} 所指数据的所属者
moves {} of {} from {} to {}, where {} = {2} 的 {1} 由 {3} 变为 {4}；其中 {5}
moves {} of {} from {} to {} = {2} 的 {1} 由 {3} 变为 {4}
moves {} of {} to {} = {2} 的 {1} 变为 {3}
all of the caller's records = 调用者的全部数据
the record that {} names = {} 所指的数据
what the record's {} names = 该数据的 {} 所指
what {} names = {} 所指
the title {} with its path = 标题“{}”及路径
the title {} = 标题“{}”
what its success says = 成功返回的说明
what its success shows = 成功返回的内容
its success shows nothing but fields of the account = 成功返回只含账号的字段
its success shows {} = 成功返回含 {}
it hands out an id that others take = 返回其他接口要用的 id
it takes a record's id = 参数含数据的 id
it is marked as read = 标为已读
it takes a new account's name and a secret = 参数含新账号的名称和密码
it takes an account's name and the secret that proves it = 参数含账号的名称及其密码
it stands beside what lets in, takes nothing but the token and shows nothing = 与登录并列，只传 token，不返回内容
it shows an account's fields to who calls = 向调用者返回账号的字段
it shows an account's fields = 返回账号的字段
it takes fields of the caller's account = 参数含调用者账号的字段
it shows a list = 返回列表
it takes a record's id and shows the record = 参数含数据的 id，并返回该数据
it takes a record's id, and shows or says how the record has to stand = 参数含数据的 id，并说明数据须处于的状态
it takes a record's id, and an input that says whether it is tied or not = 参数含数据的 id，以及是否关联
it takes a record's id, and what is said of it is shown with that record = 参数含数据的 id，内容随该数据返回
it takes a record's id and fields that the record shows = 参数含数据的 id 及数据的字段
it takes fields that records show, and no record's id = 参数含数据的字段，不含数据的 id
it takes a file and answers an address = 参数含文件，返回其地址
it shows what who calls has = 返回调用者拥有的内容
it gives callers what another list offers, and a list has what they have = 把另一列表提供的内容给调用者
it shows as read what the list shows as unread = 把列表中未读的显示为已读
it shows {} = 返回 {}
a kind of them is {} = 其中一种是 {}
a table of moves = 状态变化表
a voucher is used once = 优惠券只能用一次
docsim.toml says so = 由 docsim.toml 指定
failures name the statuses = 失败说明写明了状态
its lines name what there is = 各行所指的数据必须存在
its path = 路径
that it makes as well as changes = 既新建也修改
the two passwords are one = 两次密码须一致
what is said of it is listed = 相关内容在列表中
who is looked at has an account = 所查看的人须有账号
nothing tells what it does = 无从判断其作用
{} is a status = {} 是一个状态
{} in its path = 路径中的 {}
what it takes = 参数
its failures = 失败说明
the method {} = 方法 {}
the address in its success = 成功返回中的地址
the address of that name in another reply = 其他接口返回的同名地址
the documents have no endpoint {}; the nearest is {} = 文档中没有接口 {}；最接近的是 {}
the documents have no endpoint {}; {} = 文档中没有接口 {}；{}
`.trim().split("\n").map((line) => line.split(" = "));

const WHOLE = new Map(ALL.filter(([said]) => !said.includes("{}")));
const SENTENCES = ALL.filter(([said]) => said.includes("{}")).map(([said, meant]) => {
  const parts = said.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // What begins with a name or a number begins with nothing else: a document's own words may go on in the same way.
  const form = parts.join("(.+?)").replace(/^\(\.\+\?\)/, "(`[^`]*`|-?\\d+)");
  return [new RegExp(`^${form}$`, "s"), meant];
});

const known = new Map();

export function say(text) {
  if (!isChinese() || !text) return text;
  const found = known.get(text) || tell(text, 0);
  if (known.size > 2000) known.clear();
  known.set(text, found);
  return found;
}

// None of the sentences is deep; what a document says could be.
const DEEPEST = 6;

function tell(text, depth) {
  if (depth > DEEPEST || !/[A-Za-z]{2}/.test(text)) return listed(text);
  if (WHOLE.has(text)) return WHOLE.get(text);
  const accepted = text.match(/^accepted: (.+)$/s);
  if (accepted) return `通过：${effects(accepted[1]).map((one) => tell(one, depth + 1)).join("，")}`;
  const [before, inside] = bracketed(text);
  if (inside !== undefined) return `${tell(before, depth + 1)}（${tell(inside, depth + 1)}）`;
  for (const [joint, meant] of [[", ", "、"], [" and ", "且"]]) {
    const parts = text.split(joint);
    const told = parts.length > 1 ? parts.map((part) => spoken(part, depth + 1)) : [null];
    if (!told.includes(null)) return told.join(meant);
  }
  return spoken(text, depth) || listed(text);
}

// The first sentence that it is; null where it is none.
function spoken(text, depth) {
  if (WHOLE.has(text)) return WHOLE.get(text);
  for (const [form, meant] of SENTENCES) {
    const found = form.exec(text);
    if (!found) continue;
    let at = 0;
    // Between Chinese words there is no blank.
    return meant.replace(/( ?)\{(\d?)\}( ?)/g, (_, left, number, right) => {
      const part = tell(found[number ? Number(number) : (at += 1)], depth + 1);
      return `${CHINESE.test(part[0]) ? "" : left}${part}${CHINESE.test(part.at(-1)) ? "" : right}`;
    });
  }
  return null;
}

const CHINESE = /[\u2e80-\uffef]/;

// Effects begin with what is done; what stands in them begins otherwise.
const effects = (text) => text.split(/, (?=(?:issues|spends|sends|creates|deletes|kills|sets|makes|marks|moves|keeps|changes|removes|gives|ties|unties|adjusts|adds|takes|enters|writes) )/);

// What comes before a bracket that ends the text, and what is in it.
function bracketed(text) {
  if (!text.endsWith(")")) return [text];
  let open = 0;
  for (let at = text.length - 1; at > 0; at -= 1) {
    if (text[at] === ")") open += 1;
    else if (text[at] === "(" && (open -= 1) === 0) return text[at - 1] === " " ? [text.slice(0, at - 1), text.slice(at + 1, -1)] : [text];
  }
  return [text];
}

// Names and values with "or" and "and" between them.
const VALUE = "(?:`[^`]*`|\"[^\"]*\"|-?\\d+|true|false)";
const LIST = new RegExp(`^${VALUE}(?:(?:, | or | and )${VALUE})+$`);
const listed = (text) => LIST.test(text) ? text.replaceAll(" or ", " 或 ").replaceAll(" and ", " 和 ").replaceAll(", ", "、") : text;
