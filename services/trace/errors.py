from services.core.codes import Code
from services.core.errors import ConstraintRefusal
from services.core.words import Words
from services.trace.models import SEALS

CONSTRAINTS = {
    "uq_trace_chain_topic_id": ConstraintRefusal(
        Code.CONFLICT, Words("The topic's chain was begun at the same time.", "议题的留痕链同时被建立。")
    ),
    "uq_trace_chain_matter_id": ConstraintRefusal(
        Code.CONFLICT, Words("The matter's chain was begun at the same time.", "反映事项的留痕链同时被建立。")
    ),
    "ck_trace_chain_one_subject": ConstraintRefusal(
        Code.INVALID_STATE, Words("A chain is of one topic or of one matter.", "留痕链只属于一个议题或一个反映事项。")
    ),
    "ck_trace_chain_last_sequence_not_negative": ConstraintRefusal(
        Code.INVALID_STATE, Words("A chain counts from 1.", "留痕链从1计数。")
    ),
    "ck_trace_chain_last_hash_size": ConstraintRefusal(
        Code.INVALID_STATE, Words("A hash has 32 bytes.", "哈希值为32字节。")
    ),
    "fk_trace_chain_topic_id": ConstraintRefusal(Code.NOT_FOUND, Words("The topic does not exist.", "议题不存在。")),
    "fk_trace_chain_matter_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The matter does not exist.", "反映事项不存在。")
    ),
    "uq_trace_entry_chain_id_sequence": ConstraintRefusal(
        Code.CONFLICT, Words("The number in the chain is taken.", "链中的序号已被占用。")
    ),
    "ck_trace_entry_sequence_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("A chain counts from 1.", "留痕链从1计数。")
    ),
    "ck_trace_entry_subject_whole": ConstraintRefusal(
        Code.INVALID_STATE, Words("A subject has a kind and a key.", "对象须有类别和编号。")
    ),
    "ck_trace_entry_summary_length": ConstraintRefusal(
        Code.INVALID_STATE, Words("A summary has 1 to 500 characters.", "摘要为1至500字。")
    ),
    "ck_trace_entry_evidence_list": ConstraintRefusal(
        Code.INVALID_STATE, Words("Evidence is a list.", "佐证材料为列表。")
    ),
    "ck_trace_entry_previous_hash_size": ConstraintRefusal(
        Code.INVALID_STATE, Words("A hash has 32 bytes.", "哈希值为32字节。")
    ),
    "ck_trace_entry_hash_size": ConstraintRefusal(
        Code.INVALID_STATE, Words("A hash has 32 bytes.", "哈希值为32字节。")
    ),
    "ck_trace_entry_form": ConstraintRefusal(
        Code.INVALID_STATE, Words("An entry has the first or the second form.", "留痕记录为第一种或第二种格式。")
    ),
    "ck_trace_entry_committed": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("An entry of the second form commits to its words.", "第二种格式的留痕记录须对文字作出承诺值。"),
    ),
    **{
        f"ck_trace_entry_{name}_size": ConstraintRefusal(
            Code.INVALID_STATE, Words("A salt or a commitment has 32 bytes.", "盐值或承诺值为32字节。")
        )
        for name in SEALS
    },
    "fk_trace_entry_chain_id": ConstraintRefusal(Code.NOT_FOUND, Words("The chain does not exist.", "留痕链不存在。")),
}
