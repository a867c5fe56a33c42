//! One small report per format: a pass, a failure and a skip.

pub(crate) const SAMPLES: &[(&str, &str)] = &[
    (
        "junit",
        "<testsuites><testsuite name='s' tests='3' failures='1'><testcase name='a' classname='c' time='0.001'/><testcase name='b' classname='c' time='0.002'><failure message='no'>b.py:7</failure></testcase><testcase name='d' classname='c'><skipped/></testcase></testsuite></testsuites>",
    ),
    (
        "trx",
        "<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'><Results><UnitTestResult testId='1' testName='a' outcome='Passed' duration='00:00:00.0010000'/><UnitTestResult testId='2' testName='b' outcome='Failed' duration='00:00:00.0020000'><Output><ErrorInfo><Message>no</Message><StackTrace>at B() in b.cs:line 7</StackTrace></ErrorInfo></Output></UnitTestResult><UnitTestResult testId='3' testName='d' outcome='NotExecuted'/></Results><TestDefinitions><UnitTest id='1' name='a' storage='/w/s.dll'><TestMethod className='c'/></UnitTest><UnitTest id='2' name='b' storage='/w/s.dll'><TestMethod className='c'/></UnitTest><UnitTest id='3' name='d' storage='/w/s.dll'><TestMethod className='c'/></UnitTest></TestDefinitions><ResultSummary outcome='Failed'><Counters total='3' passed='1' failed='1'/></ResultSummary></TestRun>",
    ),
    (
        "nunit3",
        "<test-run result='Failed' total='3'><test-suite type='Assembly' name='s.dll' result='Failed' site='Child'><failure><message>One or more child tests had errors</message></failure><test-suite type='TestFixture' fullname='c' result='Failed' site='Child'><test-case name='a' classname='c' result='Passed' duration='0.001'/><test-case name='b' classname='c' result='Failed' duration='0.002'><failure><message><![CDATA[no]]></message><stack-trace>at B() in b.cs:line 7</stack-trace></failure></test-case><test-case name='d' classname='c' result='Skipped' label='Explicit'/></test-suite></test-suite></test-run>",
    ),
    (
        "xunit2",
        "<assemblies><assembly name='/w/s.dll' total='3' failed='1'><errors/><collection><test name='a' type='c' result='Pass' time='0.001'/><test name='b' type='c' result='Fail' time='0.002'><failure><message>no</message><stack-trace>at B() in b.cs:line 7</stack-trace></failure></test><test name='d' type='c' result='Skip'><reason>later</reason></test></collection></assembly></assemblies>",
    ),
    (
        "go_test",
        "{\"Action\":\"start\",\"Package\":\"s\"}\n{\"Action\":\"run\",\"Package\":\"s\",\"Test\":\"a\"}\n{\"Action\":\"pass\",\"Package\":\"s\",\"Test\":\"a\",\"Elapsed\":0.001}\n{\"Action\":\"run\",\"Package\":\"s\",\"Test\":\"b\"}\n{\"Action\":\"output\",\"Package\":\"s\",\"Test\":\"b\",\"Output\":\"b_test.go:7: no\\n\"}\n{\"Action\":\"fail\",\"Package\":\"s\",\"Test\":\"b\",\"Elapsed\":0.002}\n{\"Action\":\"run\",\"Package\":\"s\",\"Test\":\"d\"}\n{\"Action\":\"skip\",\"Package\":\"s\",\"Test\":\"d\",\"Elapsed\":0}\n{\"Action\":\"fail\",\"Package\":\"s\"}\n",
    ),
    (
        "jest",
        "{\"numFailedTestSuites\":1,\"numTotalTests\":3,\"success\":false,\"testResults\":[{\"assertionResults\":[{\"ancestorTitles\":[\"c\"],\"title\":\"a\",\"status\":\"passed\",\"duration\":1},{\"ancestorTitles\":[\"c\"],\"title\":\"b\",\"status\":\"failed\",\"duration\":2,\"failureMessages\":[\"no\\n at (b.js:7:1)\"]},{\"ancestorTitles\":[\"c\"],\"title\":\"d\",\"status\":\"pending\",\"duration\":null}],\"name\":\"s\",\"status\":\"failed\",\"message\":\"\"}],\"wasInterrupted\":false}",
    ),
    (
        "mocha",
        "{\"stats\":{\"suites\":1,\"tests\":3,\"failures\":1},\"tests\":[],\"pending\":[{\"title\":\"d\",\"fullTitle\":\"c d\",\"file\":\"s\"}],\"failures\":[{\"title\":\"b\",\"fullTitle\":\"c b\",\"file\":\"s\",\"duration\":2,\"err\":{\"message\":\"no\",\"stack\":\"at b.js:7:1\"}}],\"passes\":[{\"title\":\"a\",\"fullTitle\":\"c a\",\"file\":\"s\",\"duration\":1}]}",
    ),
];
