import Cast
import Testing

@Test func `smoke`() {
    let stack = Stack.shared
    let t = stack.tokens(stack.ada, stack.web)
    #expect(stack.bearerStatus(t.access) == 404)
    #expect(!t.refresh.isEmpty)
}
