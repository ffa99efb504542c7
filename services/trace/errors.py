from services.core.errors import ConstraintRefusal
from services.trace.models import SEALS

CONSTRAINTS = {
    "uq_trace_chain_topic_id": ConstraintRefusal("CONFLICT", "The topic's chain was begun at the same time."),
    "uq_trace_chain_matter_id": ConstraintRefusal("CONFLICT", "The matter's chain was begun at the same time."),
    "ck_trace_chain_one_subject": ConstraintRefusal("INVALID_STATE", "A chain is of one topic or of one matter."),
    "ck_trace_chain_last_sequence_not_negative": ConstraintRefusal("INVALID_STATE", "A chain counts from 1."),
    "ck_trace_chain_last_hash_size": ConstraintRefusal("INVALID_STATE", "A hash has 32 bytes."),
    "fk_trace_chain_topic_id": ConstraintRefusal("NOT_FOUND", "The topic does not exist."),
    "fk_trace_chain_matter_id": ConstraintRefusal("NOT_FOUND", "The matter does not exist."),
    "uq_trace_entry_chain_id_sequence": ConstraintRefusal("CONFLICT", "The number in the chain is taken."),
    "ck_trace_entry_sequence_positive": ConstraintRefusal("INVALID_STATE", "A chain counts from 1."),
    "ck_trace_entry_subject_whole": ConstraintRefusal("INVALID_STATE", "A subject has a kind and a key."),
    "ck_trace_entry_summary_length": ConstraintRefusal("INVALID_STATE", "A summary has 1 to 500 characters."),
    "ck_trace_entry_evidence_list": ConstraintRefusal("INVALID_STATE", "Evidence is a list."),
    "ck_trace_entry_previous_hash_size": ConstraintRefusal("INVALID_STATE", "A hash has 32 bytes."),
    "ck_trace_entry_hash_size": ConstraintRefusal("INVALID_STATE", "A hash has 32 bytes."),
    "ck_trace_entry_form": ConstraintRefusal("INVALID_STATE", "An entry has the first or the second form."),
    "ck_trace_entry_committed": ConstraintRefusal("INVALID_STATE", "An entry of the second form commits to its words."),
    **{
        f"ck_trace_entry_{name}_size": ConstraintRefusal("INVALID_STATE", "A salt or a commitment has 32 bytes.")
        for name in SEALS
    },
    "fk_trace_entry_chain_id": ConstraintRefusal("NOT_FOUND", "The chain does not exist."),
}
