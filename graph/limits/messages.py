"""What is told of each limit."""

from services.core.words import Words

MESSAGES = {
    "characters": Words(
        "The document has {value} characters, at most {limit} are taken; send long texts as variables.",
        "文档有{value}个字符，最多{limit}个；长文字请用变量。",
    ),
    "tokens": Words(
        "The document has {value} tokens, at most {limit} are taken; ask in several requests.",
        "文档有{value}个词元，最多{limit}个；请分多次请求。",
    ),
    "directives": Words(
        "The document has {value} directives, at most {limit} are taken; use fewer.",
        "文档有{value}个指令，最多{limit}个；请减少。",
    ),
    "aliases": Words(
        "The document has {value} aliases, at most {limit} are taken; ask by lists or in several requests.",
        "文档有{value}个别名，最多{limit}个；请用列表或分多次请求。",
    ),
    "nesting": Words(
        "Brackets nest {value} deep, at most {limit} are taken; nest selections and values less.",
        "括号嵌套{value}层，最多{limit}层；请减少嵌套。",
    ),
    "depth": Words(
        "Fields nest {value} deep, at most {limit} are taken; start nearer to what is wanted.",
        "字段嵌套{value}层，最多{limit}层；请从更近处查起。",
    ),
    "root_fields": Words(
        "An operation has {value} root fields, at most {limit} are taken; ask in several requests.",
        "一个操作有{value}个根字段，最多{limit}个；请分多次请求。",
    ),
    "fragment_nesting": Words(
        "Fragments nest {value} deep, at most {limit} are taken; spread them side by side.",
        "片段嵌套{value}层，最多{limit}层；请并列使用。",
    ),
    "selections": Words(
        "With fragments expanded there are {value} selections, at most {limit} are taken; select less.",
        "片段展开后有{value}个选择，最多{limit}个；请减少。",
    ),
    "repeats": Words(
        "A field is selected {value} times in one place, at most {limit} are taken; select it once.",
        "同一处有字段重复{value}次，最多{limit}次；请只选一次。",
    ),
    "introspection_nesting": Words(
        "Fields, interfaces, possible types and input fields of the schema nest {value} deep in one another, at "
        "most {limit} are taken; ask for them type by type.",
        "自省的字段、接口、可能类型和输入字段相互嵌套{value}层，最多{limit}层；请逐个类型查询。",
    ),
    "introspection_selections": Words(
        "Introspection has {value} selections with fragments expanded, at most {limit} are taken; read "
        "/schema.graphql instead.",
        "自省片段展开后有{value}个选择，最多{limit}个；请改读/schema.graphql。",
    ),
    "variable_values": Words(
        "The variables hold {value} values, at most {limit} are taken; send them in several requests.",
        "变量共有{value}个值，最多{limit}个；请分多次发送。",
    ),
    "cost": Words(
        "The operation costs {value}, at most {limit} is allowed; ask for smaller pages, fewer levels or fewer "
        "conditions.",
        "操作的代价为{value}，最多{limit}；请减小分页、层级或条件。",
    ),
}
SPENT = Words(
    "The caller's operations have cost all that they may, {limit} a minute; come back in {retry_after} s, or ask for "
    "less at once.",
    "您的操作已用尽每分钟{limit}的用量；请在{retry_after}秒后再来，或一次少查一些。",
)
FULL = Words(
    "A caller has at most {limit} {things} at once; end one, or come back later.",
    "每人同时最多有{limit}个{things}；请结束一个，或稍后再来。",
)
"""Of a caller's budget, and of what a caller has at once."""
