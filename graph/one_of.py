"""A validation rule of the language that graphql-core applies to nullable places of input objects only."""

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    ObjectFieldNode,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
    VariableNode,
    get_named_type,
    is_input_object_type,
    is_nullable_type,
    specified_rules,
    type_from_ast,
)


class OneOfVariables(ValidationRule):
    """A variable that is a field of a `@oneOf` input object is of a non-null type.

    GraphQL specification, "All Variable Usages Are Allowed": a field of such an object must not be null, whatever
    default a variable has. graphql-core's own rule overlooks places of a non-null type and lists.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._places: dict[int, GraphQLInputObjectType] = {}

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        """Note a variable that stands for a field."""
        place = self.context.get_parent_input_type()
        type_ = get_named_type(place)
        if (
            isinstance(node.value, VariableNode)
            and isinstance(type_, GraphQLInputObjectType)
            and type_.is_one_of
            and not is_input_object_type(place)
        ):
            self._places[id(node.value)] = type_

    def leave_document(self, document: DocumentNode, *_: object) -> None:
        """Look at the variables of each operation, in its fragments too."""
        for operation in document.definitions:
            if isinstance(operation, OperationDefinitionNode):
                self._check(operation)

    def _check(self, operation: OperationDefinitionNode) -> None:
        declared = {one.variable.name.value: one for one in operation.variable_definitions or ()}
        for usage in self.context.get_recursive_variable_usages(operation):
            place, definition = self._places.get(id(usage.node)), declared.get(usage.node.name.value)
            type_ = type_from_ast(self.context.schema, definition.type) if definition else None
            if place is not None and definition is not None and is_nullable_type(type_):
                name = usage.node.name.value
                self.report_error(
                    GraphQLError(
                        f"Variable '${name}' is of type '{type_}' but must be non-nullable to be used for OneOf "
                        f"Input Object '{place}'.",
                        [definition, usage.node],
                    )
                )


RULES = (*specified_rules, OneOfVariables)
"""What documents are validated by."""
