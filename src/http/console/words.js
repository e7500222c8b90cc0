// Every word that the page itself says, in English and Chinese. What documents say is shown as they say it.

const WORDS = {
  traffic: ["Traffic", "请求"], documents: ["Documents", "文档"], inbox: ["SMS inbox", "短信"], accounts: ["Accounts", "账号"],
  records: ["Records", "数据"], world: ["World", "环境"], problems: ["Problems", "问题"],
  live: ["live", "已连接"], away: ["server is away", "连接中断"], skip: ["Skip to content", "跳到内容"],
  language: ["中文", "English"], theme: ["Theme", "主题"], views: ["Views", "页面"],
  filter: ["Filter: path, code, text…", "过滤：路径、代码、文字…"], allEndpoints: ["all endpoints", "所有接口"], allCodes: ["all codes", "所有代码"], allWorlds: ["all worlds", "所有环境"],
  scenario: ["Make a scenario", "生成场景"], scenarioHint: ["These calls as a scenario; secrets are variables", "将这些请求生成场景；密码、令牌和验证码均为变量"],
  drift: ["Differs from the documents", "与文档不一致"], driftLine: ["the documents have %0, the reply %1", "文档为 %0，实际为 %1"],
  pause: ["Pause", "暂停"], resume: ["Resume", "继续"], clear: ["Clear", "清空"],
  noTraffic: ["No request yet. Send one from your app, or try an endpoint under Documents.", "还没有请求。从你的应用发送，或在“文档”里试用一个接口。"],
  older: ["%0 older requests are kept by the server, not shown here", "另有 %0 条更早的请求在服务器上，此处未显示"],
  lost: ["%0 requests came faster than this page reads; they are in the journal", "请求过快，%0 条未显示（仍在日志中）"],
  request: ["Request", "请求"], reply: ["Reply", "返回"], why: ["Why", "原因"], changed: ["What it changed", "改变了什么"],
  nothingChanged: ["Nothing.", "没有改变。"], near: ["Nearest endpoints", "相近的接口"], copyCurl: ["Copy as curl", "复制为 curl"],
  copied: ["copied", "已复制"], close: ["Close", "关闭"], before: ["Before", "之前"], after: ["After", "之后"],
  tokensHidden: ["passwords and tokens are not kept in the journal", "日志中不保存密码和令牌"],
  parameters: ["Parameters", "参数"], name: ["Name", "名称"], where: ["In", "位置"], role: ["Role", "角色"], rules: ["Rules", "规则"], required: ["required", "必填"],
  examples: ["Examples", "示例"], success: ["success", "成功"], error: ["error", "失败"], codes: ["Outcomes", "返回代码"],
  reached: ["reached", "已出现"], notReached: ["not reached yet", "尚未出现"], understood: ["What was understood", "推断"], checks: ["Checks, in order", "依次检查"],
  does: ["does", "作用"], then: ["Then", "然后"], tryIt: ["Try it", "试一试"], send: ["Send", "发送"], sending: ["Sending…", "发送中…"],
  fresh: ["fresh", "换一个"], getCode: ["get a passcode", "获取验证码"], needsLogin: ["needs a login", "需要登录"],
  certain: ["certain", "确定"], likely: ["likely", "可能"], guess: ["guess", "猜测"], noMethod: ["any method", "未写方法"],
  search: ["Search", "搜索"], noDocuments: ["No endpoint is documented.", "没有接口。"],
  phone: ["Phone or address", "手机号或邮箱"], passcode: ["Passcode", "验证码"], purpose: ["Purpose", "用途"], validFor: ["Valid for", "有效"], issued: ["Issued", "发送时间"],
  issue: ["Issue a passcode now", "立即发送验证码"], spent: ["spent", "已使用"], expired: ["expired", "已过期"], replaced: ["replaced", "已被替换"], copy: ["Copy", "复制"],
  noCodes: ["No passcode was sent yet.", "还没有验证码。"], anyPurpose: ["any", "任意"],
  identity: ["Identity", "账号"], status: ["Status", "状态"], actions: ["Actions", "操作"], create: ["Create", "新建"], newAccount: ["New account", "新账号"], password: ["Password", "密码"],
  noAccounts: ["Nobody has registered yet.", "还没有人注册。"], approve: ["Approve", "通过"], reject: ["Reject", "驳回"], freeze: ["Freeze", "冻结"], unfreeze: ["Unfreeze", "解冻"], delete: ["Delete", "删除"],
  fields: ["Fields", "字段"], tokens: ["Tokens", "令牌"], noTokens: ["Logged in nowhere.", "没有登录。"], logoutAll: ["Log out everywhere", "全部下线"], alive: ["alive", "有效"], dead: ["dead", "失效"], revoke: ["Revoke", "撤销"],
  save: ["Save", "保存"], cancel: ["Cancel", "取消"], edit: ["Edit", "编辑"], own: ["Records of this account", "该账号的数据"],
  collection: ["Collection", "集合"], noCollections: ["The documents speak of no records beside accounts.", "文档中没有账号以外的数据。"], noRecords: ["There is none.", "没有数据。"], owner: ["Owner", "所属"],
  machine: ["Statuses", "状态流转"], moveTo: ["Move to", "改为"], newRecord: ["New record", "新建数据"], json: ["Fields as JSON", "字段（JSON）"],
  clock: ["Clock", "时钟"], now: ["Now", "现在"], frozen: ["stands still", "已停止"], runs: ["runs", "走动"], stop: ["Stop", "停止"], go: ["Let it run", "走动"], advance: ["Advance by", "前进"], minute: ["min", "分钟"], day: ["day", "天"],
  worlds: ["Worlds", "环境列表"], fork: ["Fork as", "复制为"], reset: ["Reset this world", "重置此环境"], resetSure: ["Everything in this world is lost. Reset it?", "此环境的全部数据将丢失，确定重置？"],
  snapshot: ["Save a snapshot", "保存快照"], restore: ["Restore a snapshot", "恢复快照"], seed: ["Seed", "随机种子"], tokensIn: ["Tokens", "令牌"], removeWorld: ["Remove", "移除"], choose: ["Use", "使用"],
  faults: ["Faults and delays", "故障与延迟"], noFaults: ["None: everything answers as documented.", "无：全部按文档返回。"], endpoint: ["Endpoint", "接口"], kind: ["What happens", "故障"], delay: ["Delay", "延迟"], times: ["Times", "次数"], always: ["always", "一直"], addFault: ["Add", "添加"], end: ["End", "结束"], all: ["all", "全部"],
  code: ["code", "代码"], used: ["Used", "已触发"], none: ["none", "无"],
  noProblems: ["The documents are consistent.", "文档没有问题。"], kept: ["Endpoints that do not parse any more, and are served as they last parsed: %0", "已无法解析、仍按上一次内容提供的接口：%0"],
  reloaded: ["Documents reloaded: %0 endpoints", "文档已重新加载：%0 个接口"], warning: ["warning", "警告"], info: ["note", "提示"], done: ["Done", "完成"], ago: ["ago", "前"],
  seconds: ["%0 s", "%0 秒"], minutes: ["%0 min", "%0 分钟"], hours: ["%0 h", "%0 小时"], days: ["%0 d", "%0 天"],
  headers: ["Headers (%0)", "请求头（%0）"], change: ["Change", "变化"], searchProblems: ["Filter: rule, text, file, endpoint…", "过滤：规则、文字、文件、接口…"],
  showNotes: ["Show notes too", "也显示提示"], nothingFound: ["Nothing matches.", "没有符合的内容。"], more: ["%0 more are not shown; filter to see them", "另有 %0 条未显示，请过滤"],
  meaning: ["Meaning", "说明"],
  state: ["State", "状态数据"], noFile: ["Choose a file first.", "请先选择文件。"], advanceNow: ["Advance", "前进"], fixed: ["Fixed parts of the address (%0)", "地址中的固定部分（%0）"],
  help: ["Help", "建议"], chooseFile: ["choose a file", "选择文件"],
  "abort-reset": ["Connection reset", "断开连接"], "abort-empty": ["Empty reply", "空响应"], "abort-truncate": ["Reply cut off", "响应被截断"], served: ["%0 endpoints, %1 errors, %2 warnings", "%0 个接口，%1 个错误，%2 个警告"],
};

let zh = (localStorage.getItem("docsim-language") || navigator.language || "en").toLowerCase().startsWith("zh");
document.documentElement.lang = zh ? "zh-CN" : "en";

export const isChinese = () => zh;

export function setChinese(chinese) {
  zh = chinese;
  localStorage.setItem("docsim-language", zh ? "zh" : "en");
  document.documentElement.lang = zh ? "zh-CN" : "en";
}

export function t(key, ...values) {
  const words = WORDS[key];
  let text = words ? words[zh ? 1 : 0] : key;
  values.forEach((value, at) => { text = text.replace(`%${at}`, value); });
  return text;
}
