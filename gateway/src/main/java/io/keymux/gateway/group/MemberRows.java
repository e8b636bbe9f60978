package io.keymux.gateway.group;

import java.util.List;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** Rows of members of aggregate groups. */
interface MemberRows extends ListCrudRepository<MemberRow, Long> {

	List<MemberRow> findByGroupIdOrderByPosition(long groupId);

	@Modifying
	@Query("delete from keymux_member where group_id = :groupId")
	void deleteOf(long groupId);

	@Query("select g.name from keymux_group g join keymux_member m on m.group_id = g.id where m.member = :member "
			+ "order by g.name")
	List<String> aggregatesOf(String member);

}
