package io.keymux.gateway.upstream;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops interim answers such as 103, which the HTTP client would take for final ones (RFC
 * 9110, 15.2: a proxy may).
 */
@Sharable
final class InterimAnswers extends ChannelInboundHandlerAdapter {

	static final String NAME = "keymux.interimAnswers";

	static final InterimAnswers INSTANCE = new InterimAnswers();

	private static final AttributeKey<Boolean> DROPPING = AttributeKey.valueOf(NAME);

	private InterimAnswers() {
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpResponse response && interim(response.status().code())) {
			context.channel().attr(DROPPING).set(true);
			ReferenceCountUtil.release(message);
			context.read();
		}
		else if (message instanceof LastHttpContent && dropping(context)) {
			context.channel().attr(DROPPING).set(false);
			ReferenceCountUtil.release(message);
			context.read();
		}
		else {
			context.fireChannelRead(message);
		}
	}

	/** 100 is the client's own business, 101 an upgrade. */
	private static boolean interim(int status) {
		return status > 101 && status < 200;
	}

	private static boolean dropping(ChannelHandlerContext context) {
		return Boolean.TRUE.equals(context.channel().attr(DROPPING).get());
	}

}
