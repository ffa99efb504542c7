"""Every code of a refusal that the API gives: stable, and with its labels."""

from services.core.choices import Choice


class Code(Choice):
    """拒绝代码: every code that `code` of a refusal, or `extensions.code` of an error, may have.

    A sentence stands here where one message does not say it all.
    """

    ACTIVITY_NOT_YET_HELD = "ACTIVITY_NOT_YET_HELD", "活动尚未开展", "Activity not yet held"
    ACTIVITY_PLACE_INVALID = "ACTIVITY_PLACE_INVALID", "活动地点有误", "Activity place invalid"
    ACT_TWICE = "ACT_TWICE", "履职行为重复", "Act twice"
    AGENDA_EMPTY = "AGENDA_EMPTY", "议程为空", "Agenda empty"
    ALREADY_CONVERTED = "ALREADY_CONVERTED", "已转化", "Already converted"
    ALREADY_GRANTED = "ALREADY_GRANTED", "已有此授权", "Already granted"
    ALREADY_HIDDEN = "ALREADY_HIDDEN", "已不公开", "Already hidden"
    ALREADY_INVOLVED = "ALREADY_INVOLVED", "责任单位已确定", "Already involved"
    ALREADY_LINKED = "ALREADY_LINKED", "账号已关联", "Already linked"
    ALREADY_PLANNED = "ALREADY_PLANNED", "已列入计划", "Already planned"
    AUTHOR_NOT_MEMBER = "AUTHOR_NOT_MEMBER", "身份不是委员", "Author not member"
    BAD_REQUEST = (
        "BAD_REQUEST",
        "请求有误",
        "Bad request",
        "What came is no request of GraphQL over HTTP; in English alone.",
    )
    BAD_USER_INPUT = (
        "BAD_USER_INPUT",
        "请求内容有误",
        "Bad user input",
        (
            "A variable, an argument or a parameter that cannot be read as what it is declared; in a read, what is "
            "INVALID_INPUT in a verb."
        ),
    )
    BODY_TOO_LARGE = "BODY_TOO_LARGE", "请求体过大", "Body too large", "In English alone."
    BRAND_NAME_TAKEN = "BRAND_NAME_TAKEN", "品牌名称已存在", "Brand name taken"
    CENTER_NAME_TAKEN = "CENTER_NAME_TAKEN", "中心名称已存在", "Center name taken"
    CHANNEL_DISABLED = "CHANNEL_DISABLED", "通道已停用", "Channel disabled"
    CHANNEL_MISSING = "CHANNEL_MISSING", "缺少回访方式", "Channel missing"
    COMMITMENTS_OPEN = "COMMITMENTS_OPEN", "有未完成的落实事项", "Commitments open"
    COMMITMENT_NOT_OPEN = "COMMITMENT_NOT_OPEN", "落实事项不在未完成之列", "Commitment not open"
    COMMITTEE_EXISTS = "COMMITTEE_EXISTS", "委员会已存在", "Committee exists"
    CONFLICT = (
        "CONFLICT",
        "同时修改",
        "Conflict",
        "Somebody did the same, or changed the same, at the same time: read it again and try again.",
    )
    CONSTRAINT_VIOLATED = "CONSTRAINT_VIOLATED", "违反数据约束", "Constraint violated"
    DEPARTMENT_CODE_TAKEN = "DEPARTMENT_CODE_TAKEN", "责任单位代码已存在", "Department code taken"
    DIVISION_CODE_TAKEN = "DIVISION_CODE_TAKEN", "区划代码已存在", "Division code taken"
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED", "不是受信任的文档", "Document not trusted", "In English alone."
    DUPLICATE_ID = "DUPLICATE_ID", "编号重复", "Duplicate id", "A thing with the id is there already."
    DUPLICATE_TOPIC = "DUPLICATE_TOPIC", "议题重复", "Duplicate topic"
    DUTY_SCHEME_INVALID = (
        "DUTY_SCHEME_INVALID",
        "考核办法有误",
        "Duty scheme invalid",
        "The message says what is wrong with its rules, grades or points.",
    )
    EVENT_TOO_LARGE = "EVENT_TOO_LARGE", "内容过大", "Event too large"
    EVIDENCE_MISSING = "EVIDENCE_MISSING", "缺少佐证材料", "Evidence missing"
    FILING_DECIDED = "FILING_DECIDED", "立案与否已定", "Filing decided", "`filed` tells how."
    FORBIDDEN = "FORBIDDEN", "权限不足", "Forbidden"
    FOUR_EYES = "FOUR_EYES", "报送人不得审批", "Four eyes"
    GENERAL_PLATFORM_EXISTS = "GENERAL_PLATFORM_EXISTS", "总平台已存在", "General platform exists"
    GRADE_TWICE = (
        "GRADE_TWICE",
        "等次重复",
        "Grade twice",
        "A scheme has each grade once, and no two begin at the same points.",
    )
    GRANT_ABOVE = "GRANT_ABOVE", "须由上级授权", "Grant above"
    GRANT_PLACE_INVALID = (
        "GRANT_PLACE_INVALID",
        "授权范围有误",
        "Grant place invalid",
        "DEPARTMENT is given for a department, every other role over a division.",
    )
    GRANT_REVOKED = "GRANT_REVOKED", "授权已撤销", "Grant revoked"
    GRAPHQL_PARSE_FAILED = (
        "GRAPHQL_PARSE_FAILED",
        "语法错误",
        "GraphQL parse failed",
        "The document is not GraphQL; in English alone.",
    )
    GRAPHQL_VALIDATION_FAILED = (
        "GRAPHQL_VALIDATION_FAILED",
        "校验未通过",
        "GraphQL validation failed",
        "The document does not fit the schema; in English alone.",
    )
    GROUP_OF_ANOTHER_COMMITTEE = "GROUP_OF_ANOTHER_COMMITTEE", "联络组不属于该委员会", "Group of another committee"
    GUEST_NOT_OF_DEPARTMENT = "GUEST_NOT_OF_DEPARTMENT", "参会身份不符", "Guest not of department"
    HEADCOUNT_TOO_SMALL = "HEADCOUNT_TOO_SMALL", "参会人数少于名单", "Headcount too small"
    HOST_NOT_ALLOWED = "HOST_NOT_ALLOWED", "主机不允许", "Host not allowed", "In English alone."
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED", "幂等键已用于其他内容", "Idempotency key reused"
    ILLEGAL_TRANSITION = "ILLEGAL_TRANSITION", "当前状态不允许", "Illegal transition"
    INSTANT_AHEAD = "INSTANT_AHEAD", "历史时点未到", "Instant ahead"
    INTERNAL_SERVER_ERROR = (
        "INTERNAL_SERVER_ERROR",
        "系统错误",
        "Internal server error",
        "A bug; `correlationId` is to be quoted to the operators.",
    )
    INVALID_INPUT = (
        "INVALID_INPUT",
        "输入有误",
        "Invalid input",
        "A value that no state of the data would make right; the message says what its field takes.",
    )
    INVALID_STATE = (
        "INVALID_STATE",
        "数据不一致",
        "Invalid state",
        "What would be written contradicts itself; the database refuses it.",
    )
    INVALID_TOKEN = "INVALID_TOKEN", "令牌无效", "Invalid token", "The token proves nothing; the message says why."
    LEAD_TAKEN = "LEAD_TAKEN", "主办单位已确定", "Lead taken"
    LIMIT_ALIASES = "LIMIT_ALIASES", "别名过多", "Limit aliases"
    LIMIT_AT_ONCE = "LIMIT_AT_ONCE", "同时连接过多", "Limit at once"
    LIMIT_BUDGET = "LIMIT_BUDGET", "用量已尽", "Limit budget"
    LIMIT_CHARACTERS = "LIMIT_CHARACTERS", "文档过长", "Limit characters"
    LIMIT_COST = "LIMIT_COST", "代价过高", "Limit cost"
    LIMIT_DEPTH = "LIMIT_DEPTH", "字段嵌套过深", "Limit depth"
    LIMIT_DIRECTIVES = "LIMIT_DIRECTIVES", "指令过多", "Limit directives"
    LIMIT_FRAGMENT_NESTING = "LIMIT_FRAGMENT_NESTING", "片段嵌套过深", "Limit fragment nesting"
    LIMIT_INTROSPECTION_NESTING = "LIMIT_INTROSPECTION_NESTING", "自省嵌套过深", "Limit introspection nesting"
    LIMIT_INTROSPECTION_SELECTIONS = "LIMIT_INTROSPECTION_SELECTIONS", "自省选择过多", "Limit introspection selections"
    LIMIT_NESTING = "LIMIT_NESTING", "括号嵌套过深", "Limit nesting"
    LIMIT_REPEATS = "LIMIT_REPEATS", "字段重复过多", "Limit repeats"
    LIMIT_ROOT_FIELDS = "LIMIT_ROOT_FIELDS", "根字段过多", "Limit root fields"
    LIMIT_SELECTIONS = "LIMIT_SELECTIONS", "选择过多", "Limit selections"
    LIMIT_TOKENS = "LIMIT_TOKENS", "文档词元过多", "Limit tokens"
    LIMIT_VARIABLE_VALUES = "LIMIT_VARIABLE_VALUES", "变量值过多", "Limit variable values"
    MEMBER_NOT_LINKED = "MEMBER_NOT_LINKED", "账号未关联委员", "Member not linked"
    MEMBER_NOT_PRESENT = "MEMBER_NOT_PRESENT", "委员未参会", "Member not present"
    MEMBER_TWICE = "MEMBER_TWICE", "委员重复", "Member twice"
    MEMBER_UNCLEAR = "MEMBER_UNCLEAR", "未指明委员身份", "Member unclear"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED", "方法不允许", "Method not allowed", "In English alone."
    MINUTES_EMPTY = "MINUTES_EMPTY", "会议记录为空", "Minutes empty"
    MINUTES_RECORDED = "MINUTES_RECORDED", "会议记录已登记", "Minutes recorded"
    NOTHING_CORRECTED = "NOTHING_CORRECTED", "没有更正内容", "Nothing corrected"
    NOTHING_RESCHEDULED = "NOTHING_RESCHEDULED", "没有改期内容", "Nothing rescheduled"
    NOTHING_TO_FOLLOW_UP = "NOTHING_TO_FOLLOW_UP", "尚未落实，不能回访", "Nothing to follow up"
    NOTHING_TO_REDACT = "NOTHING_TO_REDACT", "没有可更换的内容", "Nothing to redact"
    NOTHING_TO_REPLAY = "NOTHING_TO_REPLAY", "没有可重发的通知", "Nothing to replay"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE", "无可接受的格式", "Not acceptable", "In English alone."
    NOT_FOUND = (
        "NOT_FOUND",
        "不存在",
        "Not found",
        "Nothing in the caller's sight has the key; what they may not see is answered alike.",
    )
    NOT_HIDDEN = "NOT_HIDDEN", "并未隐去", "Not hidden"
    NOT_INVOLVED = "NOT_INVOLVED", "不是责任单位", "Not involved"
    NOT_OF_THE_PUBLIC = "NOT_OF_THE_PUBLIC", "身份不是群众", "Not of the public"
    NOT_OWN_MEMBER = "NOT_OWN_MEMBER", "不是本人", "Not own member"
    NOT_PLANNED = "NOT_PLANNED", "未列入计划", "Not planned"
    NOT_YET_HAPPENED = "NOT_YET_HAPPENED", "尚未发生", "Not yet happened"
    NO_DUTY_SCHEME = "NO_DUTY_SCHEME", "没有考核办法", "No duty scheme"
    OPERATION_NOT_ALLOWED = (
        "OPERATION_NOT_ALLOWED",
        "操作不允许",
        "Operation not allowed",
        "A mutation or a subscription by GET; in English alone.",
    )
    OPERATION_RESOLUTION_FAILURE = (
        "OPERATION_RESOLUTION_FAILURE",
        "操作不明",
        "Operation resolution failure",
        "The document has no such operation; in English alone.",
    )
    ORIGIN_NOT_ALLOWED = "ORIGIN_NOT_ALLOWED", "来源不允许", "Origin not allowed", "In English alone."
    OWN_DOCUMENT = "OWN_DOCUMENT", "不得评定本人文件", "Own document"
    OWN_GRANT = "OWN_GRANT", "不得更改本人授权", "Own grant"
    OWN_LINK = "OWN_LINK", "不得关联本人", "Own link"
    OWN_WORK = "OWN_WORK", "不得评价本人工作", "Own work"
    PARENT_UNFIT = "PARENT_UNFIT", "上级平台不符", "Parent unfit"
    PART_NOT_HELD = "PART_NOT_HELD", "没有此身份", "Part not held"
    PERSISTED_QUERY_NOT_FOUND = (
        "PERSISTED_QUERY_NOT_FOUND",
        "未知的持久化查询",
        "Persisted query not found",
        "Send it once with its text; in English alone.",
    )
    PERSISTED_QUERY_NOT_SUPPORTED = (
        "PERSISTED_QUERY_NOT_SUPPORTED",
        "持久化查询不受支持",
        "Persisted query not supported",
        "Persisted queries of another version; in English alone.",
    )
    PLAN_EMPTY = "PLAN_EMPTY", "计划为空", "Plan empty"
    PLAN_FROZEN = (
        "PLAN_FROZEN",
        "计划已定稿",
        "Plan frozen",
        "An approved version of a plan does not change, and items change only while it is a draft.",
    )
    PLAN_NOT_APPROVED = "PLAN_NOT_APPROVED", "未列入获批计划", "Plan not approved"
    PLAN_OPEN = "PLAN_OPEN", "已有在办计划", "Plan open"
    PLATFORM_CLOSED = "PLATFORM_CLOSED", "平台已撤销", "Platform closed"
    PLATFORM_CODE_TAKEN = "PLATFORM_CODE_TAKEN", "平台代码已存在", "Platform code taken"
    PLATFORM_IN_USE = "PLATFORM_IN_USE", "平台仍在使用", "Platform in use"
    POSITION_INVALID = "POSITION_INVALID", "次序有误", "Position invalid"
    POSTPONED_WITH_TIME = "POSTPONED_WITH_TIME", "延期不带时间", "Postponed with time"
    PUBLIC_NOT_PRESENT = "PUBLIC_NOT_PRESENT", "没有群众参会", "Public not present"
    REPLAY_TOO_LARGE = "REPLAY_TOO_LARGE", "重发过多", "Replay too large"
    RESPONDENT_MISSING = "RESPONDENT_MISSING", "缺少回访对象", "Respondent missing"
    RESPONDENT_NOT_ASKED = "RESPONDENT_NOT_ASKED", "不需回访对象", "Respondent not asked"
    SESSION_NOT_HELD = "SESSION_NOT_HELD", "议事会未召开", "Session not held"
    SESSION_NOT_OF_TOPIC = "SESSION_NOT_OF_TOPIC", "议事会不涉及该议题", "Session not of topic"
    SESSION_PAST = "SESSION_PAST", "日期已过", "Session past"
    SUBSCRIBER_TOO_SLOW = "SUBSCRIBER_TOO_SLOW", "接收过慢", "Subscriber too slow"
    TOO_EARLY = "TOO_EARLY", "时间过早", "Too early", "`what` tells what happened at the earliest time that is taken."
    TOO_LATE = "TOO_LATE", "时间过晚", "Too late", "`what` tells what happened at the latest time that is taken."
    TOO_MANY_OPERATIONS = "TOO_MANY_OPERATIONS", "同时操作过多", "Too many operations", "Over one WebSocket."
    TOPIC_CLOSED = "TOPIC_CLOSED", "议题已结束", "Topic closed"
    TOPIC_ELSEWHERE = "TOPIC_ELSEWHERE", "议题不属于该平台", "Topic elsewhere"
    TOPIC_NOT_ON_AGENDA = (
        "TOPIC_NOT_ON_AGENDA",
        "议题不在议程",
        "Topic not on agenda",
        "The plan takes no topic in its state, or the session did not take it.",
    )
    TOPIC_NUMBER_TAKEN = "TOPIC_NUMBER_TAKEN", "议题编号已存在", "Topic number taken"
    UNAUTHENTICATED = "UNAUTHENTICATED", "未登录", "Unauthenticated"
    UNAVAILABLE = (
        "UNAVAILABLE",
        "暂不可用",
        "Unavailable",
        "Something is down or too busy: the same may be answered in `retryAfter` seconds.",
    )
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE", "不支持的媒体类型", "Unsupported media type", "In English alone."
    VERSION_CONFLICT = "VERSION_CONFLICT", "版本冲突", "Version conflict"
    YEAR_IN_FUTURE = "YEAR_IN_FUTURE", "年度未到", "Year in future"
    YEAR_OVER = "YEAR_OVER", "年度已过", "Year over"
