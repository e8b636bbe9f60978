package io.keymux.gateway.group;

import java.util.List;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** Rows of upstreams. */
interface UpstreamRows extends ListCrudRepository<UpstreamRow, Long> {

	List<UpstreamRow> findByGroupIdOrderByPosition(long groupId);

	@Modifying
	@Query("delete from keymux_upstream where group_id = :groupId")
	void deleteOf(long groupId);

}
