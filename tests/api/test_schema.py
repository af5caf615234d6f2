from api.schema import REFUSALS
from tests.api.conftest import Node


async def test_every_operation_documents_its_refusals(node: Node) -> None:
    schema = (await node.web.get("/schema/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in schema["paths"])
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert set(operation["responses"]) >= {str(status) for status in REFUSALS}
            assert operation["responses"]["400"]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
    wanted = schema["components"]["schemas"]["TokenWanted"]
    assert wanted["additionalProperties"] is False
    assert "additionalProperties" not in schema["components"]["schemas"]["TokenMade"]
    problem = schema["components"]["schemas"]["Problem"]
    assert set(problem["properties"]) == {"status", "code", "title", "reasons", "field"}
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


async def test_no_page_of_the_documentation_loads_from_elsewhere(node: Node) -> None:
    for path in ("/schema/redoc", "/schema/swagger", "/schema/elements"):
        assert (await node.web.get(path)).status_code == 404
