"""Read a BPMN 2.0 process as the draft of a workflow, and write a workflow as BPMN 2.0."""
