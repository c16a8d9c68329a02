"""DMN files that the tests read: small, written by hand, of every version."""

from kingpost.exchange.dmn.versions import NAMESPACES, Version

BODY = """\
  <description>Who may borrow how much.</description>
  <itemDefinition name="tGrade" id="t1">
    <typeRef>string</typeRef>
    <allowedValues><text>"A", "B", "C"</text></allowedValues>
  </itemDefinition>
  <itemDefinition name="tApplicant" label="An applicant">
    <itemComponent name="age"><typeRef>number</typeRef></itemComponent>
    <itemComponent name="grades" isCollection="true"><typeRef>tGrade</typeRef></itemComponent>
  </itemDefinition>
  <itemDefinition name="tAmounts" isCollection="true"><typeRef>number</typeRef></itemDefinition>
  <inputData id="applicant" name="Applicant">
    <variable name="Applicant" typeRef="tApplicant"/>
  </inputData>
  <knowledgeSource id="law" name="The law" locationURI="https://example.test/law">
    <type>Act</type>
  </knowledgeSource>
  <businessKnowledgeModel id="years" name="Years left">
    <variable name="Years left"/>
    <encapsulatedLogic>
      <formalParameter name="age" typeRef="number"/>
      <literalExpression><text>70 - age</text></literalExpression>
    </encapsulatedLogic>
  </businessKnowledgeModel>
  <decision id="limit" name="Limit">
    <question>How much may be lent?</question>
    <allowedAnswers>An amount</allowedAnswers>
    <variable name="Limit" typeRef="tAmounts"/>
    <informationRequirement id="r1"><requiredInput href="#applicant"/></informationRequirement>
    <knowledgeRequirement id="r2"><requiredKnowledge href="#years"/></knowledgeRequirement>
    <authorityRequirement id="r3"><requiredAuthority href="#law"/></authorityRequirement>
    <decisionTable hitPolicy="RULE ORDER" preferredOrientation="Rule-as-Column" outputLabel="Limit">
      <input label="Years"><inputExpression typeRef="number">
        <text>Years left(Applicant.age)</text></inputExpression></input>
      <input><inputExpression><text>Applicant.grades[1]</text></inputExpression>
        <inputValues><text>"A", "B", "C"</text></inputValues></input>
      <output name="limit" typeRef="number"><defaultOutputEntry><text>0</text></defaultOutputEntry>
      </output>
      <annotation name="Why"/>
      <rule id="row1">
        <inputEntry><text>&gt;= 10</text></inputEntry><inputEntry><text>"A"</text></inputEntry>
        <outputEntry><text>1000</text></outputEntry>
        <annotationEntry><text>safe</text></annotationEntry>
      </rule>
      <rule id="row2">
        <inputEntry><text>-</text></inputEntry><inputEntry><text>not("C")</text></inputEntry>
        <outputEntry><text>100</text></outputEntry>
        <annotationEntry><text>usual</text></annotationEntry>
      </rule>
    </decisionTable>
  </decision>
  <decision id="all" name="All">
    <variable name="All"/>
    <informationRequirement><requiredDecision href="#limit"/></informationRequirement>
    <context>
      <contextEntry><variable name="first"/>
        <relation><column name="a"/><column name="b" typeRef="number"/>
          <row><literalExpression><text>"x"</text></literalExpression>
            <literalExpression><text>1</text></literalExpression></row></relation></contextEntry>
      <contextEntry><variable name="twice"/>
        <functionDefinition><formalParameter name="n"/>
          <literalExpression><text>n * 2</text></literalExpression></functionDefinition>
      </contextEntry>
      <contextEntry><variable name="called"/>
        <invocation><literalExpression><text>twice</text></literalExpression>
          <binding><parameter name="n"/><literalExpression><text>21</text></literalExpression>
          </binding></invocation></contextEntry>
      <contextEntry>
        <list><literalExpression><text>first.b</text></literalExpression>
          <literalExpression><text>called</text></literalExpression></list></contextEntry>
    </context>
  </decision>
  <decisionService id="lending" name="Lending">
    <variable name="Lending"/>
    <outputDecision href="#limit"/>
    <inputData href="#applicant"/>
  </decisionService>
"""
NEWER = """\
  <itemDefinition name="tFew" isCollection="true">
    <typeRef>number</typeRef>
    <typeConstraint><text>count(?) &lt; 3</text></typeConstraint>
  </itemDefinition>
  <itemDefinition name="tRule">
    <functionItem outputTypeRef="boolean"><parameters name="n" typeRef="number"/></functionItem>
  </itemDefinition>
  <decision id="chosen" name="Chosen">
    <variable name="Chosen"/>
    <conditional>
      <if><literalExpression><text>1 &lt; 2</text></literalExpression></if>
      <then typeRef="number"><literalExpression><text>1</text></literalExpression></then>
      <else><literalExpression><text>2</text></literalExpression></else>
    </conditional>
  </decision>
  <decision id="kept" name="Kept">
    <variable name="Kept"/>
    <filter>
      <in><list><literalExpression><text>1</text></literalExpression>
        <literalExpression><text>5</text></literalExpression></list></in>
      <match><literalExpression><text>item &gt; 2</text></literalExpression></match>
    </filter>
  </decision>
  <decision id="walked" name="Walked">
    <variable name="Walked"/>
    <for iteratorVariable="n">
      <in><literalExpression><text>[1..3]</text></literalExpression></in>
      <return><literalExpression><text>n * n</text></literalExpression></return>
    </for>
  </decision>
  <decision id="found" name="Found">
    <variable name="Found"/>
    <some iteratorVariable="n">
      <in><literalExpression><text>[1, 2]</text></literalExpression></in>
      <satisfies><literalExpression><text>n &gt; 1</text></literalExpression></satisfies>
    </some>
  </decision>
"""


def dmn(body: str, version: Version = Version.V1_5, attributes: str = "") -> bytes:
    """Return a file. Its body begins on line 3."""
    namespace = NAMESPACES[version].model
    head = f'<definitions xmlns="{namespace}" name="Loans" namespace="https://example.test/loans"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{attributes}>\n{body}</definitions>\n'
    return text.encode()
